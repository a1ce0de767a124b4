"""The built-in store of bills as a gateway."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, sessionmaker

from ticketing.billing.gateway import Bill, BillNotFound, Due, Invoice, InvoiceState
from ticketing.billing.items import Item, Kind
from ticketing.billing.models import MeteredMonth, StoredBill
from ticketing.billing.penalty import late_fee
from ticketing.billing.tariff import Category
from ticketing.customers import accounts
from ticketing.customers.models import Account
from ticketing.rulebook.rules import Rulebook


class Store:
    """Reads in short transactions of its own, like any other system would."""

    def __init__(self, sessions: sessionmaker[Session], rulebook: Rulebook) -> None:
        self._sessions = sessions
        self._rulebook = rulebook

    def due(self, account: str, *, today: date) -> Due:
        with self._reading() as session:
            holder = _account(session, account)
            unpaid = session.scalars(_bills(holder).where(StoredBill.paid_on.is_(None))).all()
            category = Category(holder.category)
            owed = sum(bill.amount_fen + self._late_fee(bill, category, today=today) for bill in unpaid)
            oldest = min((bill.due_on for bill in unpaid), default=None)
            return Due(
                due_fen=max(0, owed - holder.balance_fen),
                balance_fen=holder.balance_fen,
                overdue_days=max(0, (today - oldest).days) if oldest else 0,
                due_date=oldest,
                cut_off=holder.cut_off,
            )

    def bill(self, account: str, *, month: str | None) -> Bill:
        with self._reading() as session:
            stored = _one(session, account, month)
            if stored is None:
                raise BillNotFound(f"no bill of {month or 'any month'}", month=month)
            return _bill(stored, _daily(session, stored.account, (stored.month,)))

    def bills(self, account: str, *, months: tuple[str, ...]) -> dict[str, Bill]:
        with self._reading() as session:
            holder = _account(session, account)
            daily = _daily(session, holder, months)
            rows = session.scalars(_bills(holder).where(StoredBill.month.in_(months)))
            return {row.month: _bill(row, daily) for row in rows}

    def invoice(self, account: str, *, month: str | None) -> Invoice:
        with self._reading() as session:
            stored = _one(session, account, month)
            name = _account(session, account).customer.name
            state = InvoiceState(stored.invoice) if stored else InvoiceState.NONE
            return Invoice(month=stored.month if stored else month or "", state=state, title=name)

    def _late_fee(self, bill: StoredBill, category: Category, *, today: date) -> int:
        """On the energy of the bill: none is due on an earlier penalty."""
        owed = bill.amount_fen - bill.late_fee_fen
        return late_fee(owed, category, self._rulebook, due_on=bill.due_on, until=today)

    def _reading(self) -> Session:
        session = self._sessions()
        session.connection(execution_options={"reading": True})
        return session


def _account(session: Session, number: str) -> Account:
    found = accounts.by_number(session, number)
    if found is None:
        raise BillNotFound("no bills for this account")
    return found


def _bills(account: Account) -> Select[StoredBill]:
    return select(StoredBill).where(StoredBill.account_id == account.id).order_by(StoredBill.month.desc())


def _one(session: Session, number: str, month: str | None) -> StoredBill | None:
    query = _bills(_account(session, number))
    return session.scalars(query.where(StoredBill.month == month) if month else query).first()


def _daily(session: Session, account: Account, months: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    """kWh of each day, by month, of the account's metering point."""
    query = select(MeteredMonth).filter_by(metering_point=account.metering_point)
    rows = session.scalars(query.where(MeteredMonth.month.in_(months)))
    return {row.month: row.use().days for row in rows}


def _bill(stored: StoredBill, daily: dict[str, tuple[int, ...]]) -> Bill:
    return Bill(
        month=stored.month,
        kwh=stored.kwh,
        days=stored.days,
        amount_fen=stored.amount_fen,
        late_fee_fen=stored.late_fee_fen,
        paid=stored.paid_on is not None,
        due_date=stored.due_on,
        items=tuple(_item(row) for row in stored.items),
        category=stored.account.category,
        daily=daily.get(stored.month, ()),
    )


def as_row(item: Item) -> dict[str, Any]:
    """A line as it is stored; its price keeps its digits as text."""
    price = None if item.price is None else str(item.price)
    return {**vars(item), "price": price, "rules": list(item.rules)}


def _item(row: dict[str, Any]) -> Item:
    """Bills stored before lines had a kind and rules are energy without rules."""
    price = None if row["price"] is None else Decimal(row["price"])
    kind = Kind(row.get("kind", Kind.ENERGY))
    return Item(row["label"], row["kwh"], price, row["amount_fen"], kind, tuple(row.get("rules", ())))

"""The built-in store of bills as a gateway."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, sessionmaker

from ticketing.billing.gateway import Bill, BillNotFound, Due, Invoice, InvoiceState, Item
from ticketing.billing.models import StoredBill
from ticketing.billing.tariff import late_fee
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
            owed = sum(bill.amount_fen + self._late_fee(bill, today=today) for bill in unpaid)
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
            return _bill(stored)

    def bills(self, account: str, *, months: tuple[str, ...]) -> dict[str, Bill]:
        with self._reading() as session:
            rows = session.scalars(_bills(_account(session, account)).where(StoredBill.month.in_(months)))
            return {row.month: _bill(row) for row in rows}

    def invoice(self, account: str, *, month: str | None) -> Invoice:
        with self._reading() as session:
            stored = _one(session, account, month)
            name = _account(session, account).customer.name
            state = InvoiceState(stored.invoice) if stored else InvoiceState.NONE
            return Invoice(month=stored.month if stored else month or "", state=state, title=name)

    def _late_fee(self, bill: StoredBill, *, today: date) -> int:
        return late_fee(
            bill.amount_fen,
            days=(today - bill.due_on).days,
            a_day=self._rulebook.number("late_fee.residential", on=today),
            minimum_yuan=self._rulebook.number("late_fee.minimum", on=today),
        )

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


def _bill(stored: StoredBill) -> Bill:
    return Bill(
        month=stored.month,
        kwh=stored.kwh,
        days=stored.days,
        amount_fen=stored.amount_fen,
        late_fee_fen=stored.late_fee_fen,
        paid=stored.paid_on is not None,
        due_date=stored.due_on,
        items=tuple(_items(stored.items)),
    )


def _items(rows: Sequence[dict[str, object]]) -> list[Item]:
    return [
        Item(str(row["label"]), int(str(row["kwh"])), Decimal(str(row["price"])), int(str(row["amount_fen"])))
        for row in rows
    ]

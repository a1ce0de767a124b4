"""What a conversation may hear about its account's money: level first, then the gateway, then a row in the trail.

The gateway may be a slow system elsewhere, so no transaction is open while it is asked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from ticketing.audit import service as audit
from ticketing.billing.explanation import Share, explain
from ticketing.billing.gateway import Bill, BillNotFound, Due, Gateway, Invoice
from ticketing.billing.months import shift
from ticketing.billing.reached import Reached, reached
from ticketing.customers import identity
from ticketing.customers.levels import AMOUNT_DUE, EVERYTHING
from ticketing.rulebook.promises import Promises
from ticketing.work_orders.numbers import LOCAL


@dataclass(frozen=True)
class Usage:
    """kWh of a month beside the month before and the year before (None: no bill of then)."""

    month: str
    kwh: int
    previous_kwh: int | None
    last_year_kwh: int | None
    average_daily_kwh: float
    daily_kwh: tuple[int, ...]
    reached: Reached | None


@dataclass(frozen=True)
class Comparison:
    other: Bill
    causes: tuple[Share, ...]


@dataclass(frozen=True)
class Explained:
    """The bill beside the month before and the same month of the year before (None: no bill of then)."""

    bill: Bill
    previous: Comparison
    last_year: Comparison | None


@dataclass(frozen=True)
class Look:
    """Who looks at what, and the level it takes."""

    conversation: str
    what: str
    level: int
    at: datetime
    actor: str


class Desk:
    """Answers for a conversation. Raises IdentityRequired, BillNotFound, BillingUnavailable."""

    def __init__(self, sessions: sessionmaker[Session], gateway: Gateway, promises: Promises) -> None:
        self._sessions = sessions
        self._gateway = gateway
        self._promises = promises

    def due(self, conversation: str, *, at: datetime, actor: str) -> Due:
        today = at.astimezone(LOCAL).date()
        look = Look(conversation, what="due", level=AMOUNT_DUE, at=at, actor=actor)
        return self._ask(look, lambda account: self._gateway.due(account, today=today))

    def bill(self, conversation: str, *, month: str | None, at: datetime, actor: str) -> Bill:
        look = Look(conversation, what="bill", level=EVERYTHING, at=at, actor=actor)
        return self._ask(look, lambda account: self._gateway.bill(account, month=month))

    def usage(self, conversation: str, *, month: str | None, at: datetime, actor: str) -> Usage:
        look = Look(conversation, what="usage", level=EVERYTHING, at=at, actor=actor)
        return self._ask(look, lambda account: self._usage(account, month))

    def explanation(self, conversation: str, *, month: str | None, at: datetime, actor: str) -> Explained:
        look = Look(conversation, what="explanation", level=EVERYTHING, at=at, actor=actor)
        return self._ask(look, lambda account: self._explained(account, month))

    def invoice(self, conversation: str, *, month: str | None, at: datetime, actor: str) -> Invoice:
        look = Look(conversation, what="invoice", level=EVERYTHING, at=at, actor=actor)
        return self._ask(look, lambda account: self._gateway.invoice(account, month=month))

    def _usage(self, account: str, month: str | None) -> Usage:
        bill = self._gateway.bill(account, month=month)
        before, a_year_before = shift(bill.month, -1), shift(bill.month, -12)
        others = self._gateway.bills(account, months=(before, a_year_before))
        return Usage(
            month=bill.month,
            kwh=bill.kwh,
            previous_kwh=others[before].kwh if before in others else None,
            last_year_kwh=others[a_year_before].kwh if a_year_before in others else None,
            average_daily_kwh=round(bill.kwh / max(bill.days, 1), 1),
            daily_kwh=bill.daily,
            reached=reached(bill, self._promises),
        )

    def _explained(self, account: str, month: str | None) -> Explained:
        bill = self._gateway.bill(account, month=month)
        before, a_year_before = shift(bill.month, -1), shift(bill.month, -12)
        others = self._gateway.bills(account, months=(before, a_year_before))
        if before not in others:
            raise BillNotFound(f"no bill of {before} to compare with", month=before)
        beside = {month: Comparison(other, explain(bill, other)) for month, other in others.items()}
        return Explained(bill, previous=beside[before], last_year=beside.get(a_year_before))

    def _ask[Answer](self, look: Look, read: Callable[[str], Answer]) -> Answer:
        """Check the level, let `read` ask the gateway for the account's number, and write the look into the trail."""
        with self._sessions() as session:
            session.connection(execution_options={"reading": True})
            standing = identity.standing_of(session, look.conversation, level=look.level)
            subject, number = f"account:{standing.account_id}", standing.account.number
        answer = read(number)
        data = {"conversation": look.conversation, "what": look.what}
        with self._sessions.begin() as session:
            audit.record(session, kind="personal.seen", subject=subject, actor=look.actor, data=data, at=look.at)
        return answer

"""Every time that a customer is told is a promise: a row that names the sentence, the order and the rule behind it.

The row keeps what was promised, never a deadline: that follows from the order's log of transitions, because a clock may
stand still for a while (`work_orders.clocks`).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.automation.models import ToldPromise
from ticketing.work_orders.clocks import Clock, Verdict, clock
from ticketing.work_orders.reading import log_of
from ticketing.work_orders.terms import SPANS, Term, Unit
from ticketing.work_orders.ticking import IsWorking

WARN_BEFORE = 0.2
"""A promise is escalated when this share of its time is left: nine minutes of the 45 for an arrival in town."""
ENDED = frozenset({Verdict.KEPT, Verdict.BROKEN, Verdict.VOID})
PAUSED_PAUSE = timedelta(seconds=30)
"""How soon a promise whose clock stands still is looked at again."""


def tell(session: Session, *, order: str, conversation: str, message: str, term: Term, at: datetime) -> None:
    """The sentence `message` tells `term`. The same sentence again changes nothing."""
    sentence = (
        ToldPromise.conversation == conversation,
        ToldPromise.message == message,
        ToldPromise.item == term.item,
    )
    if session.scalar(select(ToldPromise.id).where(*sentence)) is None:
        row = ToldPromise(order_number=order, conversation=conversation, message=message, told_at=at, check_at=at)
        row.item, row.rule, row.amount, row.unit = term.item, term.rule, term.amount, term.unit
        session.add(row)
        session.flush()


def term_of(row: ToldPromise) -> Term:
    return Term(row.rule, row.item, row.amount, Unit(row.unit), SPANS[row.item], confidence="")


def of_order(session: Session, number: str) -> Sequence[ToldPromise]:
    return session.scalars(select(ToldPromise).where(ToldPromise.order_number == number).order_by(ToldPromise.id)).all()


def ended(session: Session, number: str, *, at: datetime, is_working: IsWorking) -> list[tuple[ToldPromise, Clock]]:
    """The open promises whose clock has ended. Those that run are the watch's."""
    open_ones = [row for row in of_order(session, number) if row.check_at is not None]
    log = log_of(session, number) if open_ones else []
    clocks = [(row, clock(log, term_of(row), now=at, is_working=is_working)) for row in open_ones]
    return [(row, state) for row, state in clocks if state is not None and state.verdict in ENDED]


def close_ended(session: Session, number: str, *, at: datetime, is_working: IsWorking) -> None:
    for row, state in ended(session, number, at=at, is_working=is_working):
        _close(row, state)


def settle(session: Session, number: str, *, at: datetime, is_working: IsWorking) -> list[tuple[ToldPromise, Clock]]:
    """Bring the order's open promises up to `at`; returns those that must be escalated now.

    Kept and broken ones are closed; the others get the moment at which somebody must look again.
    """
    log = log_of(session, number)
    open_ones = [row for row in of_order(session, number) if row.check_at is not None]
    clocks = [(row, clock(log, term_of(row), now=at, is_working=is_working)) for row in open_ones]
    return [(row, state) for row, state in clocks if _bring_up(row, state, at=at) and state is not None]


def _bring_up(row: ToldPromise, state: Clock | None, *, at: datetime) -> bool:
    """Write into the row what its clock says; whether it must be escalated now."""
    if state is None or state.verdict is Verdict.PAUSED:
        row.check_at = at + PAUSED_PAUSE
        return False
    if state.verdict in ENDED:
        _close(row, state)
        return False
    assert state.deadline is not None
    if state.verdict is Verdict.OVERDUE:
        first = row.broken_at is None
        row.broken_at, row.check_at = row.broken_at or state.deadline, at + PAUSED_PAUSE
        return first
    warning = state.deadline - state.term.length * WARN_BEFORE
    row.check_at = state.deadline if at >= warning else warning
    return at >= warning and row.warned_at is None


def _close(row: ToldPromise, state: Clock) -> None:
    row.check_at = None
    row.kept_at = state.ended if state.verdict is Verdict.KEPT else None
    row.broken_at = row.broken_at or (state.deadline if state.verdict is Verdict.BROKEN else None)

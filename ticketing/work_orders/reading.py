"""What is read off an order's log of transitions: the log itself, and how the order's clocks stand."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.rulebook.promises import Promises
from ticketing.work_orders import clocks
from ticketing.work_orders.clocks import Clock
from ticketing.work_orders.kinds import Kind
from ticketing.work_orders.models import Transition, WorkOrder
from ticketing.work_orders.numbers import LOCAL
from ticketing.work_orders.schemas import ClockView
from ticketing.work_orders.terms import terms
from ticketing.work_orders.timeline import describe
from ticketing.work_orders.working_days import Calendar


def log_of(session: Session, number: str) -> Sequence[Transition]:
    """The order's transitions, oldest first."""
    query = select(Transition).where(Transition.order_number == number).order_by(Transition.id)
    return session.scalars(query).all()


def logs_of(session: Session, numbers: Collection[str]) -> Mapping[str, Sequence[Transition]]:
    """The logs of many orders by one question; an order without transitions has an empty one."""
    found: dict[str, list[Transition]] = defaultdict(list)
    query = select(Transition).where(Transition.order_number.in_(numbers)).order_by(Transition.id)
    for row in session.scalars(query):
        found[row.order_number].append(row)
    return found


def calendar_of(promises: Promises) -> Calendar:
    return Calendar(promises.rulebook, examples=promises.demo)


def clocks_of(order: WorkOrder, log: Sequence[Transition], promises: Promises, *, at: datetime) -> list[Clock]:
    """How the order's terms stand at `at`; the rules of the day on which it was accepted count."""
    accepted_on = order.created.astimezone(LOCAL).date()
    held = terms(Kind(order.kind), zone=order.zone, on=accepted_on, rulebook=promises.rulebook)
    return clocks.clocks(log, held, now=at, is_working=calendar_of(promises).is_working)


def shown(clock: Clock) -> ClockView:
    return ClockView(
        item=clock.term.item,
        rule=clock.term.rule,
        confidence=clock.term.confidence,
        verdict=clock.verdict,
        started=clock.started,
        deadline=clock.deadline,
        paused=clock.paused,
        remaining_s=int(clock.remaining.total_seconds()),
        text=describe(clock),
    )

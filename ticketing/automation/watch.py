"""The watch over promises: whichever worker is alive escalates an order in time, whoever has its flow, or nobody yet.

The flow of an order waits in one worker, and may be seconds without one after a kill; a deadline must not wait for it.
So the deadlines are rows, every worker looks at those that are due, and the escalation is a transition with a key of
its own: written once, before anybody acts on it. Like each transition it wakes the flow, which alarms people.
"""

from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from ticketing.automation import promises
from ticketing.automation.models import ToldPromise
from ticketing.recovery import fence
from ticketing.work_orders import moves
from ticketing.work_orders.actors import Actor, Role
from ticketing.work_orders.clocks import Clock
from ticketing.work_orders.errors import TransitionRefused
from ticketing.work_orders.holding import take
from ticketing.work_orders.states import State
from ticketing.work_orders.ticking import IsWorking

BATCH = 50
WATCH = Actor(Role.SYSTEM, "promise-watch")

log = structlog.get_logger("ticketing.automation.watch")


def look(sessions: sessionmaker[Session], *, at: datetime, is_working: IsWorking) -> int:
    """Look at the promises that are due, an order a transaction; returns how many orders were settled.

    None while a restore is not reconciled: what looks broken may have been kept in the gap. An order that cannot be
    looked at is logged and holds up no other.
    """
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        numbers = [] if fence.is_up(session) else _due(session, at=at)
    return sum(_settled(sessions, number, at=at, is_working=is_working) for number in numbers)


def _settled(sessions: sessionmaker[Session], number: str, *, at: datetime, is_working: IsWorking) -> bool:
    try:
        with sessions.begin() as session:
            _look_at(session, number, at=at, is_working=is_working)
    except DBAPIError:
        raise  # our own database: the next round finds what is due
    except Exception:  # a fault of ours with one order: the others' promises are no less due
        log.exception("promise_look_failed", order=number)
        return False
    return True


def _due(session: Session, *, at: datetime) -> Sequence[str]:
    due = select(ToldPromise.order_number).where(ToldPromise.check_at <= at).order_by(ToldPromise.check_at)
    return list(dict.fromkeys(session.scalars(due.limit(BATCH))))


def _look_at(session: Session, number: str, *, at: datetime, is_working: IsWorking) -> None:
    take(session, number)  # another worker that saw the same row waits here, and then finds nothing due
    for row, clock in promises.settle(session, number, at=at, is_working=is_working):
        _escalate(session, row, clock, at=at)


def _escalate(session: Session, row: ToldPromise, clock: Clock, *, at: datetime) -> None:
    row.warned_at = row.warned_at or at
    broken = row.broken_at is not None
    # One key for all sentences that told the same: the customer may have heard it twice, it is escalated once.
    key = f"{row.order_number}:promise:{row.item}:{'broken' if broken else 'warned'}"
    left = int(clock.remaining.total_seconds() // 60)
    reason = f"promise {row.rule} is broken" if broken else f"promise {row.rule} breaks in {left} min"
    try:
        moves.move(session, row.order_number, State.ESCALATED, actor=WATCH, reason=reason, key=key, at=at)
    except TransitionRefused:  # where it stands there is no 升级 any more (it is being reported back, say)
        log.info("promise_not_escalated", order=row.order_number, rule=row.rule)
        return
    log.warning("promise_escalated", order=row.order_number, rule=row.rule, broken=broken)

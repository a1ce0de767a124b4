"""The steps of an order that are over, and the picture of an order that `decide` is given."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ticketing.automation.decide import Facts
from ticketing.automation.models import StepDone, StepTry
from ticketing.work_orders import states
from ticketing.work_orders.kinds import Kind
from ticketing.work_orders.models import Transition
from ticketing.work_orders.service import look
from ticketing.work_orders.states import State

LONGEST_PAUSE = timedelta(minutes=10)
MERGEABLE = frozenset({Kind.OUTAGE, Kind.VOLTAGE})


def steps_of(session: Session, number: str) -> dict[str, str]:
    """Each step that is over, with its outcome."""
    rows = session.execute(select(StepDone.step, StepDone.outcome).where(StepDone.order_number == number))
    return {row.step: row.outcome for row in rows}


def tick(session: Session, number: str, step: str, *, outcome: str = "done", detail: str = "", at: datetime) -> None:
    """The step is over. Ticking it again changes nothing."""
    seen = select(StepDone.id).where(StepDone.order_number == number, StepDone.step == step)
    if session.scalar(seen) is None:
        session.add(StepDone(order_number=number, step=step, outcome=outcome, detail=detail[:300], at=at))
        session.flush()
    session.execute(delete(StepTry).where(StepTry.order_number == number, StepTry.step == step))


def rest(session: Session, number: str, step: str, *, error: str, at: datetime) -> int:
    """The step failed for technical reasons and rests before its next try; returns how often it was tried."""
    row = session.get(StepTry, (number, step)) or StepTry(order_number=number, step=step, tries=0)
    row.tries, row.error = row.tries + 1, error[:300]
    row.next_at = at + pause(row.tries)
    session.merge(row)
    session.flush()
    return row.tries


def pause(tries: int) -> timedelta:
    """1 s after the first failure, then twice as long each time, up to ten minutes. Pure."""
    return min(timedelta(seconds=2.0 ** min(tries - 1, 20)), LONGEST_PAUSE)


def resting(session: Session, number: str) -> dict[str, datetime]:
    """Steps that failed, with the time of the next try."""
    rows = session.execute(select(StepTry.step, StepTry.next_at).where(StepTry.order_number == number))
    return {row.step: row.next_at for row in rows}


def facts(session: Session, number: str) -> Facts:
    """Raises WorkOrderNotFound."""
    order = look(session, number)
    rows = session.execute(
        select(Transition.state, Transition.at).where(Transition.order_number == number).order_by(Transition.id)
    ).all()
    log = [State(row.state) for row in rows]
    place = states.place(log)
    since = max(row.at for row in rows if row.state == place)
    kind = Kind(order.kind)
    return Facts(
        state=State(order.state),
        place=place,
        since=since,
        sent=log.count(State.DISPATCHED),
        escalations=log.count(State.ESCALATED),
        has_account=order.account_id is not None,
        may_merge=kind in MERGEABLE,
        needs_visit=kind.needs_visit,
        steps=steps_of(session, number),
        resting=resting(session, number),
    )

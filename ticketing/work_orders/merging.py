"""合并: orders that turn out to be one outage go into it, and are followed there; the customers are told of that one.

When the outage is over, an order is filed (归档), or given out again where it stayed dark: `moves` and `dispatching`.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from ticketing.outages.models import Outage, OutageReport
from ticketing.outages.schedule import State as OutageState
from ticketing.work_orders import moves
from ticketing.work_orders.actors import Actor
from ticketing.work_orders.errors import NotMergeable
from ticketing.work_orders.holding import lock, take
from ticketing.work_orders.models import Transition
from ticketing.work_orders.states import State


def merge(
    session: Session,
    numbers: Collection[str],
    *,
    into: str,
    actor: Actor,
    reason: str,
    key: str,
    at: datetime,
) -> list[Transition]:
    """Take all the orders to 合并, and their reports to the outage; all or none. Idempotent by `key` and number.

    Raises NotMergeable where `into` is no outage that is on, and the refusals of `moves.move`.
    """
    outage = session.get(Outage, into)
    if outage is None or outage.state != OutageState.ACTIVE:
        raise NotMergeable(f"{into} is no outage that is on")
    lock(session, *numbers)
    return [
        _merge(session, number, into=into, actor=actor, reason=reason, key=f"{key}/{number}", at=at)
        for number in sorted(set(numbers))
    ]


def _merge(
    session: Session, number: str, *, into: str, actor: Actor, reason: str, key: str, at: datetime
) -> Transition:
    order = take(session, number)
    first = moves.repeated(session, order, State.MERGED, key=key)
    if first is not None:
        return first
    why = f"{into}: {reason.strip()}" if reason.strip() else ""
    row = moves.step(session, order, State.MERGED, actor=actor, reason=why, key=key, at=at, also={"outage": into})
    session.execute(update(OutageReport).where(OutageReport.order_number == number).values(outage=into))
    return row

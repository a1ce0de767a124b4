"""How outages move work orders: merged into the outage's own, escalated. What is closed already is left alone."""

from datetime import datetime

from sqlalchemy.orm import Session

from ticketing.work_orders import moves
from ticketing.work_orders.actors import Actor, Role
from ticketing.work_orders.holding import take
from ticketing.work_orders.models import WorkOrder
from ticketing.work_orders.states import State

ACTOR = Actor(Role.SYSTEM, "outages")


def merge(session: Session, number: str, *, into: str, key: str, at: datetime) -> bool:
    """End an order because the outage's does its work. False: it is closed, or somebody's hands are on it."""
    order = session.get(WorkOrder, number)
    if order is None or not State(order.state).is_open or State(order.state) in {State.ON_SITE, State.ESCALATED}:
        return False
    held, why = take(session, number), f"part of {into}"
    moves.step(session, held, State.MERGED, actor=ACTOR, reason=why, key=key, at=at, also={"outage": into})
    return True


def escalate(session: Session, number: str, *, key: str, reason: str, at: datetime) -> bool:
    """Have a person look at the order now. False: it is closed, or escalated already."""
    order = session.get(WorkOrder, number)
    if order is None or not State(order.state).is_open or State(order.state) is State.ESCALATED:
        return False
    moves.move(session, number, State.ESCALATED, actor=ACTOR, reason=reason, key=key, at=at)
    return True

"""How outages move work orders: merged into the outage's own, escalated. What is closed already is left alone."""

from datetime import datetime

from sqlalchemy.orm import Session

from ticketing.work_orders.models import WorkOrder
from ticketing.work_orders.service import move
from ticketing.work_orders.states import State

ACTOR = "outages"


def merge(session: Session, number: str, *, into: str, key: str, at: datetime) -> bool:
    """End an order because the outage's does its work. False: it is closed, or somebody's hands are on it."""
    order = session.get(WorkOrder, number)
    if order is None or not State(order.state).is_open or State(order.state) in {State.ON_SITE, State.ESCALATED}:
        return False
    move(session, order, to=State.MERGED, key=key, actor=ACTOR, reason=f"part of {into}", at=at)
    return True


def escalate(session: Session, number: str, *, key: str, reason: str, at: datetime) -> bool:
    """Have a person look at the order now. False: it is closed, or escalated already."""
    order = session.get(WorkOrder, number)
    if order is None or not State(order.state).is_open or State(order.state) is State.ESCALATED:
        return False
    move(session, order, to=State.ESCALATED, key=key, actor=ACTOR, reason=reason, at=at)
    return True

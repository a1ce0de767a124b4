"""How outages move work orders: merged into the outage's own, escalated. What is closed already is left alone."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from ticketing.work_orders import merging, moves
from ticketing.work_orders.actors import Actor, Role
from ticketing.work_orders.holding import take
from ticketing.work_orders.states import State

ACTOR = Actor(Role.SYSTEM, "outages")


def merge(session: Session, number: str, *, into: str, key: str, at: datetime) -> bool:
    """End an order because the outage's does its work. False: it is closed, or somebody's hands are on it."""
    if not _is_free(session, number, but={State.ON_SITE, State.ESCALATED}):
        return False
    merging.merge(session, [number], into=into, actor=ACTOR, reason="part of it", key=key, at=at)
    return True


def escalate(session: Session, number: str, *, key: str, reason: str, at: datetime) -> bool:
    """Have a person look at the order now. False: it is closed, or escalated already."""
    if not _is_free(session, number, but={State.ESCALATED}):
        return False
    moves.move(session, number, State.ESCALATED, actor=ACTOR, reason=reason, key=key, at=at)
    return True


def _is_free(session: Session, number: str, *, but: Collection[State]) -> bool:
    """Whether the order, held from here on, is open and in none of the states `but`."""
    state = State(take(session, number).state)
    return state.is_open and state not in but

"""What crews report from the field, as it goes into an order's log."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy.orm import Session

from ticketing.work_orders import guards, moves
from ticketing.work_orders.actors import Actor, Role
from ticketing.work_orders.states import State

STATES = {
    "accepted": State.ACKNOWLEDGED,
    "arrived": State.ON_SITE,
    "restored": State.RESTORED,
    "reported_back": State.REPORTED_BACK,
    "returned": State.RETURNED,
    "suspended": State.SUSPENDED,
}


class CrewEvent(BaseModel):
    """What a crew did. `id`: the app's, the same again when it could not know that we have it."""

    id: Annotated[str, Field(min_length=1, max_length=120)]
    order: Annotated[str, Field(pattern=r"^WO\d{12,14}$")]
    crew: Annotated[str, Field(min_length=1, max_length=32)]
    event: Literal["accepted", "arrived", "restored", "reported_back", "returned", "suspended"]
    reason: Annotated[str, Field(max_length=200)] = ""
    happened: AwareDatetime


class Taken(BaseModel):
    """The order's state after the event; `at` is when the log says that it happened."""

    order: str
    state: str
    at: datetime


def take(session: Session, event: CrewEvent, *, at: datetime) -> Taken:
    """Idempotent by the event's `id`. Raises the refusals of `moves.move` and EventFromTheFuture."""
    moved = moves.move(
        session,
        event.order,
        STATES[event.event],
        actor=Actor(Role.CREW, event.crew),
        reason=event.reason,
        key=f"crew-app:{event.id}",
        at=guards.admit(event.happened, now=at),
    )
    return Taken(order=event.order, state=moved.state, at=moved.at)

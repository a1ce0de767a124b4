"""Work orders on the wire: what is asked, and what is answered with personal data masked."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy.orm import Session

from ticketing.rulebook.promises import Promises
from ticketing.work_orders.actors import Role
from ticketing.work_orders.clocks import Verdict
from ticketing.work_orders.kinds import Kind
from ticketing.work_orders.models import Crew, WorkOrder
from ticketing.work_orders.numbers import LOCAL
from ticketing.work_orders.states import State

Key = Annotated[str, Field(min_length=1, max_length=160)]
ConversationId = Annotated[str, Field(min_length=1, max_length=100)]
Words = Annotated[str, Field(max_length=2000)]
Phone = Annotated[str, Field(pattern=r"^[+0-9 ()-]{3,30}$")]


class NewOrder(BaseModel):
    key: Key
    kind: Kind
    conversation: ConversationId
    address: Annotated[str, Field(max_length=2000)] | None = None
    contact_phone: Phone | None = None
    description: Words | None = None
    details: dict[str, Any] = {}


class Wish(BaseModel):
    """Urge, amend or cancel."""

    key: Key
    conversation: ConversationId
    text: Words | None = None
    address: Annotated[str, Field(max_length=2000)] | None = None
    reason: Words | None = None


class By(BaseModel):
    """Who acts; left out: a dispatcher (at the desk) or the flow (for the workers)."""

    kind: Role
    name: Annotated[str, Field(pattern=r"^[\w.:@-]{1,60}$")]


class Move(BaseModel):
    """A step. `at`: when it happened, if not now; never later. `key`: the same one again changes nothing."""

    key: Key
    to: State
    reason: Annotated[str, Field(max_length=200)] = ""
    at: AwareDatetime | None = None
    by: By | None = None
    crew: Annotated[str, Field(max_length=32)] | None = None
    """To whom, with `to: dispatched`: a crew's code, `*` for all who can do it; left out: chosen."""
    outage: Annotated[str, Field(max_length=32)] | None = None
    """Into which outage, with `to: merged`."""


class LineView(BaseModel):
    """One thing that happened to an order; labels in Chinese, for people."""

    at: datetime
    what: str
    who: str
    why: str


class ClockView(BaseModel):
    """`remaining_s`: of the time that counts; below zero the deadline is over by so much."""

    item: str
    rule: str
    confidence: str
    verdict: Verdict
    started: datetime
    deadline: datetime | None
    paused: bool
    remaining_s: int
    text: str


class TimelineView(BaseModel):
    number: str
    state: State
    state_label: str
    lines: list[LineView]
    clocks: list[ClockView]
    text: str
    """The same, to be read on a terminal."""


class PromiseView(BaseModel):
    minutes: int | None
    text: str
    rule: str
    confidence: str


class OrderView(BaseModel):
    number: str
    kind: str
    state: str
    state_label: str
    priority: int
    conversation: str | None
    address: str | None
    contact_tail: str | None
    crew: str | None
    urges: int
    created: datetime
    promise: PromiseView | None


def present(session: Session, order: WorkOrder, promises: Promises) -> OrderView:
    """The order as it may leave the house; a confidential one without anything that leads to the person."""
    promise = promises.of(order.kind, zone=order.zone, on=order.created.astimezone(LOCAL).date())
    crew = session.get(Crew, order.crew) if order.crew else None
    shown_phone = order.contact_phone if not order.confidential else None
    return OrderView(
        number=order.number,
        kind=order.kind,
        state=order.state,
        state_label=State(order.state).label,
        priority=order.priority,
        conversation=order.conversation,
        address=order.address,
        contact_tail=shown_phone[-4:] if shown_phone else None,
        crew=crew.name if crew else None,
        urges=order.urges,
        created=order.created,
        promise=PromiseView(**vars(promise)) if promise else None,
    )

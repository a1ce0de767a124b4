"""Outages and reports on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from ticketing.outages.urgency import Need
from ticketing.work_orders.schemas import ConversationId, Key, OrderView, Phone, Words


class OutageView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: str
    area: str
    cause: str
    state: str
    started: datetime
    etr: datetime | None


class OutageDetail(OutageView):
    """For the desk and crews: where it is thought to be, and how sure that is."""

    node: str
    predicted: bool
    confidence: float | None
    order_number: str | None
    merged_into: str | None
    restored_at: datetime | None
    reopened: int
    reports: int


class Confirmation(BaseModel):
    """What a crew found."""

    node: Annotated[str, Field(min_length=1, max_length=32)]
    cause: Annotated[str, Field(max_length=120)]
    etr: AwareDatetime | None = None


class NewPlanned(BaseModel):
    """A planned outage. `id` is the planner's: the same again is brought up to date."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,32}$")]
    node: Annotated[str, Field(min_length=1, max_length=32)]
    cause: Annotated[str, Field(max_length=120)]
    area: Annotated[str, Field(max_length=120)] | None = None
    """Left out: what the network says of the device."""
    starts: AwareDatetime
    ends: AwareDatetime


class CallBackAnswer(BaseModel):
    power: bool


class CallBackView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    outage: str
    way: str
    asked_at: datetime
    power: bool | None
    answered_at: datetime | None


class AlarmView(BaseModel):
    """`waited_s`: from the order to acceptance, or until now."""

    order: str
    raised_at: datetime
    rung: int
    accepted_by: str | None
    accepted_at: datetime | None
    waited_s: float


class Acceptance(BaseModel):
    dispatcher: Annotated[str, Field(min_length=1, max_length=60)]


class HomeCheck(BaseModel):
    """What the customer of a single dark home answered; left out: not asked yet; `unknown`: asked in vain."""

    neighbours: Literal["dark", "lit", "unknown"] | None = None
    breaker: Literal["up", "down", "trips_again", "unknown"] | None = None


class HomeAdvice(BaseModel):
    advice: str
    outage: OutageView | None


class Outages(BaseModel):
    place: str | None
    outages: list[OutageView]


class NewReport(BaseModel):
    key: Key
    conversation: ConversationId
    address: Annotated[str, Field(min_length=1, max_length=2000)]
    scope: Annotated[str, Field(max_length=16)] | None = None
    event_time: Annotated[str, Field(max_length=32)] | None = None
    contact_phone: Phone | None = None
    description: Words | None = None
    need: Need | None = None
    """Where somebody asked; else it is read from the description."""


class ReportOutcome(BaseModel):
    """`known` with an order beside it: the outage is known, and this caller needs somebody of their own."""

    outcome: Literal["known", "order"]
    outage: OutageView | None
    order: OrderView | None

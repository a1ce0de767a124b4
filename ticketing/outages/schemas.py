"""Outages and reports on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

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

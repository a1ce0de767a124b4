"""The outages that are on or announced, as a caller's question and a report need them."""

from typing import Any

from sqlalchemy import ColumnElement, select

from ticketing.outages.models import Outage
from ticketing.outages.schedule import Kind, Span, State


def is_alive() -> ColumnElement[bool]:
    return Outage.state.in_([State.PLANNED, State.ACTIVE])


ALIVE = (
    select(
        *(Outage.id, Outage.kind, Outage.area, Outage.cause, Outage.state, Outage.started, Outage.etr),
        *(Outage.node, Outage.order_number),
    )
    .where(is_alive())
    .order_by(Outage.started, Outage.id)
)


def span(outage: Any) -> Span:
    return Span(outage.id, Kind(outage.kind), State(outage.state), outage.node, outage.started, outage.etr)

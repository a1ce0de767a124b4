"""The outages that are on or announced, as a caller's question and a report need them."""

from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from ticketing.outages.models import Outage, OutageReport
from ticketing.outages.schedule import Kind, Span, State


def is_alive() -> ColumnElement[bool]:
    return Outage.state.in_([State.PLANNED, State.ACTIVE])


CALLERS = (
    select(func.count(OutageReport.caller.distinct()))
    .where(OutageReport.outage == Outage.id, OutageReport.withdrawn_at.is_(None))
    .correlate(Outage)
    .scalar_subquery()
)
ALIVE = (
    select(
        *(Outage.id, Outage.kind, Outage.area, Outage.cause, Outage.state, Outage.started, Outage.etr),
        *(Outage.node, Outage.order_number, Outage.predicted),
        case((Outage.predicted, CALLERS), else_=None).label("callers"),
    )
    .where(is_alive())
    .order_by(Outage.started, Outage.id)
)


BORNE_OUT = 3
"""So many callers bear a predicted outage out. With fewer it may yet turn out to be two single homes."""


def is_certain(outage: Any) -> bool:
    """Whether a row of `ALIVE` is an outage that people announced or confirmed, or that enough customers bear out."""
    return not outage.predicted or outage.callers >= BORNE_OUT


def span(outage: Any) -> Span:
    return Span(outage.id, Kind(outage.kind), State(outage.state), outage.node, outage.started, outage.etr)

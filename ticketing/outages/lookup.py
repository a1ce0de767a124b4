"""Look up the outages of a place."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.outages import network
from ticketing.outages.alive import is_alive, span
from ticketing.outages.models import Outage
from ticketing.outages.place import Place
from ticketing.outages.schedule import Span
from ticketing.work_orders.numbers import LOCAL

AHEAD = timedelta(days=8)
"""Planned outages are announced seven days before; a question without a day looks that far."""


def look_up(
    session: Session, *, address: str | None, day: date | None, at: datetime
) -> tuple[Place | None, Sequence[Outage]]:
    """The place as understood, and its outages: of the local `day`, or on now and in the days ahead."""
    place = network.find_place(session, address)
    if place is None:
        return None, []
    above = network.above(session, place.transformers)
    nodes = {node for up in above.values() for node in up}
    alive = session.scalars(select(Outage).where(is_alive()).order_by(Outage.started, Outage.id))
    found = [each for each in alive if each.node in nodes and _asked(span(each), day=day, at=at)]
    return place, found


def _asked(on: Span, *, day: date | None, at: datetime) -> bool:
    if day is not None:
        today = day == at.astimezone(LOCAL).date()
        return on.touches(day, LOCAL) or (today and on.is_on(at))
    return on.is_on(at) or at < on.started < at + AHEAD

"""Find business halls near what the customer named."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.offices.models import Office


def near(session: Session, place: str | None, *, limit: int = 3) -> Sequence[Office]:
    """The best matches first: a road or landmark named, then the district, then the city; without a match, all."""
    offices = session.scalars(select(Office).order_by(Office.name)).all()
    ranked = sorted(offices, key=lambda office: -closeness(office, place or ""))
    best = [office for office in ranked if closeness(office, place or "")]
    return (best or ranked)[:limit]


def closeness(office: Office, place: str) -> int:
    """3: a road or landmark of the hall is named; 2: its district; 1: its city; 0: nothing."""
    if any(word in place for word in office.near.split()):
        return 3
    if _stem(office.district) in place:
        return 2
    return 1 if _stem(office.city) in place else 0


def _stem(name: str) -> str:
    return name[:-1] if len(name) > 2 else name

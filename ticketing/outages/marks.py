"""Named counters that only grow: the network's revision, the clusterer's rounds. Who saw an old number is told so."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ticketing.outages.models import Mark


def read(session: Session, name: str) -> int:
    return session.scalar(select(Mark.number).where(Mark.name == name)) or 0


def advance(session: Session, name: str) -> None:
    """Count one up."""
    if not advance_from(session, name, read(session, name)):
        raise RuntimeError(f"the mark '{name}' moved inside a transaction that should have been alone")


def advance_from(session: Session, name: str, seen: int) -> bool:
    """Count one up, unless somebody has since `seen` was read: a fence for work that was prepared outside."""
    moved = session.execute(
        update(Mark).where(Mark.name == name, Mark.number == seen).values(number=seen + 1).returning(Mark.name)
    )
    if moved.all():
        return True
    if seen == 0 and session.get(Mark, name) is None:
        session.add(Mark(name=name, number=1))
        session.flush()
        return True
    return False

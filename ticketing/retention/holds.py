"""Legal holds: while one stands, nothing of its conversation is erased, by no rule and at nobody's wish."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.audit import service as audit
from ticketing.conversations import record
from ticketing.db import alone
from ticketing.office import SamePerson
from ticketing.retention.errors import HoldLifted, HoldNotFound
from ticketing.retention.models import LegalHold

TURN = "legal holds"
"""Placing a hold and erasing take turns, so that no batch erases what was held a moment before."""


def place(session: Session, conversation: str, *, by: str, reason: str, at: datetime) -> LegalHold:
    """Several holds may stand at once: each dispute has its own. Raises ConversationNotFound."""
    record.find(session, conversation)
    alone(session, TURN)
    hold = LegalHold(conversation=conversation, reason=reason, placed_by=by, placed_at=at)
    session.add(hold)
    session.flush()
    _audit(session, hold, kind="hold.placed", by=by, reason=reason, at=at)
    return hold


def lift(session: Session, number: int, *, by: str, reason: str, at: datetime) -> LegalHold:
    """Raises HoldNotFound, HoldLifted, SamePerson."""
    hold = session.get(LegalHold, number, with_for_update=True)
    if hold is None:
        raise HoldNotFound(f"there is no hold {number}")
    if hold.lifted_at is not None:
        raise HoldLifted(f"hold {number} was lifted before")
    if hold.placed_by == by:
        raise SamePerson(f"'{by}' placed hold {number}: another person lifts it")
    hold.lifted_by, hold.lifted_at, hold.lift_reason = by, at, reason
    _audit(session, hold, kind="hold.lifted", by=by, reason=reason, at=at)
    return hold


def held(session: Session) -> list[str]:
    """The conversations that are held now."""
    query = select(LegalHold.conversation).where(LegalHold.lifted_at.is_(None)).distinct()
    return sorted(session.scalars(query))


def of(session: Session, conversation: str) -> Sequence[LegalHold]:
    """All holds there ever were on it, oldest first."""
    query = select(LegalHold).where(LegalHold.conversation == conversation).order_by(LegalHold.id)
    return session.scalars(query).all()


def standing(session: Session) -> Sequence[LegalHold]:
    return session.scalars(select(LegalHold).where(LegalHold.lifted_at.is_(None)).order_by(LegalHold.id)).all()


def _audit(session: Session, hold: LegalHold, *, kind: str, by: str, reason: str, at: datetime) -> None:
    audit.record(
        session,
        kind=kind,
        subject=f"conversation:{hold.conversation}",
        actor=f"agent:{by}",
        data={"hold": hold.id},
        at=at,
        text=reason,
    )

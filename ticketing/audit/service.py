"""Write and read the audit trail. There is no path that changes or deletes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.audit.models import AuditRecord


def record(session: Session, *, kind: str, subject: str, actor: str, data: Mapping[str, Any], at: datetime) -> None:
    """Add a row in the caller's transaction: what is not committed was not done, and is not in the trail.

    `kind` reads like `order.created`, `subject` like `order:WO…`. `data` is JSON without personal text.
    """
    add(session, kind=kind, subject=subject, actor=actor, data=data, at=at)
    session.flush()


def add(session: Session, *, kind: str, subject: str, actor: str, data: Mapping[str, Any], at: datetime) -> None:
    """As `record`, written with the session's next flush: for many rows at once."""
    session.add(AuditRecord(at=at, kind=kind, subject=subject, actor=actor, data=dict(data)))


def trail(session: Session, *, subject: str | None = None, after: int = 0, limit: int = 100) -> Sequence[AuditRecord]:
    """Rows behind `seq` `after`, oldest first, of one subject or of all."""
    query = select(AuditRecord).where(AuditRecord.seq > after).order_by(AuditRecord.seq).limit(limit)
    if subject is not None:
        query = query.where(AuditRecord.subject == subject)
    return session.scalars(query).all()

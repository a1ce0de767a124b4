"""Write and read the audit trail. There is no path that changes or deletes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.audit import texts
from ticketing.audit.models import AuditRecord


def record(
    session: Session,
    *,
    kind: str,
    subject: str,
    actor: str,
    data: Mapping[str, Any],
    at: datetime,
    text: str | None = None,
) -> None:
    """Add a row in the caller's transaction: what is not committed was not done, and is not in the trail.

    `kind` reads like `order.created`, `subject` like `order:WO…`. `data` is JSON without personal text; what is
    personal goes into `text`, which can be erased later. The row gets its place in the chain soon after (`sealing`).
    """
    add(session, kind=kind, subject=subject, actor=actor, data=data, at=at, text=text)
    session.flush()


def add(
    session: Session,
    *,
    kind: str,
    subject: str,
    actor: str,
    data: Mapping[str, Any],
    at: datetime,
    text: str | None = None,
) -> None:
    """As `record`, written with the session's next flush: for many rows at once."""
    text_hash = None if text is None else texts.keep(session, text)
    session.add(AuditRecord(at=at, kind=kind, subject=subject, actor=actor, data=dict(data), text_hash=text_hash))


def trail(session: Session, *, subject: str | None = None, after: int = 0, limit: int = 100) -> Sequence[AuditRecord]:
    """Rows behind `seq` `after`, oldest first, of one subject or of all."""
    query = select(AuditRecord).where(AuditRecord.seq > after).order_by(AuditRecord.seq).limit(limit)
    if subject is not None:
        query = query.where(AuditRecord.subject == subject)
    return session.scalars(query).all()

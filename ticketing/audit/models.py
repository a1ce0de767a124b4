"""One row of the audit trail. No personal text is in it, so that it can be kept when personal data is deleted."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Connection, Index, Integer, String, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from ticketing.db import Base, Moment


class AppendOnly(RuntimeError):
    """Some code tried to change or delete what may only be added to."""


class AuditRecord(Base):
    """What happened. `subject` is `noun:id` (`order:WO…`, `conversation:c-1`); `actor` is a caller or `agent:NAME`.

    `seq` is the order in which rows were written; on PostgreSQL two transactions may commit in the other order.
    A hash chain (issue 5) belongs beside these columns.
    """

    __tablename__ = "audit_records"
    __table_args__ = (Index("ix_audit_records_subject", "subject", "seq"),)

    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    kind: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(200))
    actor: Mapped[str] = mapped_column(String(80))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


@event.listens_for(AuditRecord, "before_update")
@event.listens_for(AuditRecord, "before_delete")
def refuse_change(_mapper: Mapper[AuditRecord], _connection: Connection, target: AuditRecord) -> None:
    raise AppendOnly(f"audit record {target.seq} may not be changed or deleted")

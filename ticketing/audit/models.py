"""The rows of the audit trail, their places in the chain, and the personal texts beside them, which can be erased."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Connection, ForeignKey, Index, Integer, LargeBinary, String, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from ticketing.db import Base, Moment
from ticketing.personal import Sealed

NUMBER = BigInteger().with_variant(Integer, "sqlite")


class AppendOnly(RuntimeError):
    """Some code tried to change or delete what may only be added to."""


class AuditRecord(Base):
    """What happened. `subject` is `noun:id` (`order:WO…`, `conversation:c-1`); `actor` is a caller or `agent:NAME`.

    `seq` is the order in which rows were written; on PostgreSQL two transactions may commit in the other order.
    The order that counts is the chain's (`AuditLink.position`).
    """

    __tablename__ = "audit_records"
    __table_args__ = (Index("ix_audit_records_subject", "subject", "seq"),)

    seq: Mapped[int] = mapped_column(NUMBER, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    kind: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(200))
    actor: Mapped[str] = mapped_column(String(80))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    text_hash: Mapped[str | None] = mapped_column(String(64))
    """Salted hash of the personal text that belongs to it; the text itself is an `AuditText`, until it is erased."""


class AuditText(Base):
    """A personal text under its salted hash. Deleting the row leaves a hash in the chain that nobody can guess from."""

    __tablename__ = "audit_texts"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    text: Mapped[str] = mapped_column(Sealed)


class AuditPending(Base):
    """A record that has no place in the chain yet. Written by a trigger, so that no way of inserting escapes."""

    __tablename__ = "audit_pending"

    seq: Mapped[int] = mapped_column(NUMBER, primary_key=True, autoincrement=False)


class AuditLink(Base):
    """A record's place in the chain, from 1 without a gap, and its hash (64 hex characters, see `canon`)."""

    __tablename__ = "audit_chain"

    position: Mapped[int] = mapped_column(NUMBER, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(ForeignKey(AuditRecord.seq), unique=True)
    hash: Mapped[str] = mapped_column(String(64))


@event.listens_for(AuditRecord, "before_update")
@event.listens_for(AuditRecord, "before_delete")
@event.listens_for(AuditLink, "before_update")
@event.listens_for(AuditLink, "before_delete")
def refuse_change(_mapper: Mapper[Any], _connection: Connection, target: AuditRecord | AuditLink) -> None:
    raise AppendOnly(f"audit record {target.seq} may not be changed or deleted")

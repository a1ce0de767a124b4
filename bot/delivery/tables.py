"""The front door's tables. Whatever a customer or the assistant said is sealed; names, numbers and states are plain.

Tables and statements, no mapped objects: a turn does some twenty small things here, and SQLAlchemy's ORM spent three
times as long on each as the database (tests/bench/turns.py). A statement is made once, at import, with its parameters
named.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    literal_column,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData()


class Moment(TypeDecorator[datetime]):
    """An aware time, stored and returned in UTC (SQLite keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


conversation = Table(
    "conversation",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("control", String(16), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("last_event", Integer, nullable=False),
)
"""The last that ticketing said about a conversation, and how many events it has."""

inbound = Table(
    "inbound",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("conversation", String(80), nullable=False),
    Column("message", String(80), nullable=False),
    Column("state", String(16), nullable=False),
    Column("outcome", String(16)),
    Column("received_at", Moment, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("answer", LargeBinary),
    UniqueConstraint("conversation", "message"),
)
"""A customer's message: received → recorded → answered. `answer` is the first answer, given again to a repeat."""

UNANSWERED: ColumnElement[bool] = literal_column("state <> 'answered'", Boolean)
"""Written out, not a parameter: only so a database sees that the index below has the rows."""
Index(
    "inbound_unanswered",
    inbound.c.conversation,
    inbound.c.number,
    sqlite_where=UNANSWERED,
    postgresql_where=UNANSWERED,
)

spool = Table(
    "spool",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("conversation", String(80), nullable=False, index=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("refused_at", Moment),
)
"""A record or a hand-off that ticketing has not got yet, in the order it happened. `refused_at`: ticketing will not
have it; it is set aside for a person, so that it does not block what follows."""

event = Table(
    "event",
    metadata,
    Column("conversation", String(80), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("key", String(200), nullable=False),
    Column("type", String(16), nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("delivered_at", Moment),
    UniqueConstraint("conversation", "key"),
)
"""What a conversation's page shows, numbered from 1 without a gap."""

receipt = Table(
    "receipt",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("conversation", String(80), nullable=False, index=True),
    Column("reply", String(200), nullable=False),
    Column("state", String(16), nullable=False),
    Column("at", Moment, nullable=False),
    Column("cut_at_ms", Integer),
    Column("reason", String(40)),
)
"""What became of a reply, until ticketing has it."""

call = Table(
    "call",
    metadata,
    Column("uuid", String(36), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("ended_at", Moment),
    Column("reason", String(16)),
)
"""A telephone call: who calls (sealed) and whether it is over."""

pulse = Table("pulse", metadata, Column("id", Integer, primary_key=True), Column("at", Moment, nullable=False))
"""One row that the health check writes: reading alone does not notice a full disk."""

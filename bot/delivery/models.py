"""The front door's tables. Whatever a customer or the assistant said is sealed; names, numbers and states are plain."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class Base(DeclarativeBase):
    """The declarative base of the front door's tables."""


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


class Conversation(Base):
    """The last that ticketing said about a conversation, and how many events it has."""

    __tablename__ = "conversation"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    control: Mapped[str] = mapped_column(String(16), default="bot")
    epoch: Mapped[int] = mapped_column(Integer, default=1)
    last_event: Mapped[int] = mapped_column(Integer, default=0)


class Inbound(Base):
    """A customer's message: received → recorded → answered. `answer` is the first answer, given again to a repeat."""

    __tablename__ = "inbound"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    conversation: Mapped[str] = mapped_column(String(80))
    message: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str | None] = mapped_column(String(16))
    received_at: Mapped[datetime] = mapped_column(Moment)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (
        UniqueConstraint("conversation", "message"),
        Index("inbound_state", "state", "received_at"),
        Index("inbound_received_at", "received_at"),
    )


class Spooled(Base):
    """A record or a hand-off that ticketing has not got yet, in the order it happened."""

    __tablename__ = "spool"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    conversation: Mapped[str] = mapped_column(String(80), index=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    refused_at: Mapped[datetime | None] = mapped_column(Moment)
    """Ticketing will not have it: set aside for a person, so that it does not block what follows."""


class Event(Base):
    """What a conversation's page shows, numbered from 1 without a gap."""

    __tablename__ = "event"

    conversation: Mapped[str] = mapped_column(String(80), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(200))
    type: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    delivered_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (UniqueConstraint("conversation", "key"),)


class Receipt(Base):
    """What became of a reply, until ticketing has it."""

    __tablename__ = "receipt"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    conversation: Mapped[str] = mapped_column(String(80), index=True)
    reply: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(Moment)
    cut_at_ms: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[str | None] = mapped_column(String(40))


class Call(Base):
    """A telephone call: who calls (sealed) and whether it is over."""

    __tablename__ = "call"

    uuid: Mapped[str] = mapped_column(String(36), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str | None] = mapped_column(String(16))


class Pulse(Base):
    """One row that the health check writes: reading alone does not notice a full disk."""

    __tablename__ = "pulse"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)

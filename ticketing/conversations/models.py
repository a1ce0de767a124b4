"""Conversations, their messages in order, what became of each message, and the people at the desk."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Boolean, Float, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.db import Base, Moment
from ticketing.personal import Sealed

CONVERSATION = "conversations.id"
KEPT = text("erased_at IS NULL")


class Speaker(StrEnum):
    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"
    """The desk itself: announcements of who speaks now."""


class Conversation(Base):
    """One conversation of one customer, with its reply address at the front door and who has control of it."""

    __tablename__ = "conversations"
    __table_args__ = (Index("ix_conversations_queue", "control", "waiting_since"),)

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    reply_to: Mapped[str] = mapped_column(Sealed)
    caller: Mapped[str | None] = mapped_column(Sealed)
    caller_index: Mapped[str | None] = mapped_column(String(64), index=True)
    """Blind index of the caller's number."""
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Salts the hashes of personal slots; once deleted, nobody can guess what was hashed."""
    control: Mapped[str] = mapped_column(String(10))
    epoch: Mapped[int] = mapped_column(Integer)
    agent: Mapped[str | None] = mapped_column(String(80))
    skill: Mapped[str | None] = mapped_column(String(20))
    hazard: Mapped[bool] = mapped_column(Boolean, default=False)
    waiting_since: Mapped[datetime | None] = mapped_column(Moment)
    opened: Mapped[datetime] = mapped_column(Moment)
    last_activity: Mapped[datetime] = mapped_column(Moment, index=True)
    last_seq: Mapped[int] = mapped_column(Integer, default=0)
    dropped: Mapped[int] = mapped_column(Integer, default=0)
    """Turns of the bot that came too late, because a person had taken over."""
    erased_at: Mapped[datetime | None] = mapped_column(Moment)
    """When caller, reply address and salt went; a customer who comes back later brings new ones."""


class Message(Base):
    """One sentence, at its place in the conversation. `id` is the sender's, unique in the conversation."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation", "id", name="uq_messages_id"),
        Index("ix_messages_turn", "conversation", "turn"),
        Index("ix_messages_kept", "at", sqlite_where=KEPT, postgresql_where=KEPT),
    )

    conversation: Mapped[str] = mapped_column(ForeignKey(CONVERSATION), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Moment)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    """Later than `at` for what was said while ticketing was down."""
    channel: Mapped[str] = mapped_column(String(20))
    speaker: Mapped[str] = mapped_column(String(10))
    agent: Mapped[str | None] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Sealed)
    confidence: Mapped[float | None] = mapped_column(Float)
    talk_track: Mapped[str | None] = mapped_column(String(100))
    version: Mapped[int | None] = mapped_column(Integer)
    slots: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What filled the talk track; personal slots as salted hashes."""
    buttons: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    turn: Mapped[str | None] = mapped_column(String(200))
    erased_at: Mapped[datetime | None] = mapped_column(Moment)
    """When text and buttons went, by `data/retention.yml` or at the person's wish."""


class Turn(Base):
    """One answer of the bot: its decision, and whether it came too late. Makes `replies` idempotent."""

    __tablename__ = "turns"

    conversation: Mapped[str] = mapped_column(ForeignKey(CONVERSATION), primary_key=True)
    turn: Mapped[str] = mapped_column(String(200), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    epoch: Mapped[int] = mapped_column(Integer)
    dropped: Mapped[bool] = mapped_column(Boolean)
    intent: Mapped[str | None] = mapped_column(String(60))
    confidence: Mapped[float | None] = mapped_column(Float)
    decision: Mapped[str | None] = mapped_column(String(20))
    entities: Mapped[str | None] = mapped_column(Sealed)
    """JSON list; what a customer named is personal."""


class Delivery(Base):
    """What became of a message: one row for each thing that happened to it, never changed."""

    __tablename__ = "deliveries"
    __table_args__ = (UniqueConstraint("conversation", "message", "state", name="uq_deliveries_state"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    conversation: Mapped[str] = mapped_column(ForeignKey(CONVERSATION))
    message: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(Moment)
    cut_at_ms: Mapped[int | None] = mapped_column(Integer)


class Handoff(Base):
    """A wish for a person, by key; `order_number` when it became a call-back."""

    __tablename__ = "handoffs"

    conversation: Mapped[str] = mapped_column(ForeignKey(CONVERSATION), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(String(20))
    skill: Mapped[str] = mapped_column(String(20))
    summary: Mapped[str] = mapped_column(Sealed)
    contact_phone: Mapped[str | None] = mapped_column(Sealed)
    order_number: Mapped[str | None] = mapped_column(String(20))
    erased_at: Mapped[datetime | None] = mapped_column(Moment)


class DeskAgent(Base):
    """A person at the desk, and whether on duty."""

    __tablename__ = "desk_agents"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    skills: Mapped[list[str]] = mapped_column(JSON)
    on_duty: Mapped[bool] = mapped_column(Boolean)
    since: Mapped[datetime] = mapped_column(Moment)


class Stint(Base):
    """A person's time in control of a conversation; finished ones tell how long the next caller may wait."""

    __tablename__ = "stints"

    conversation: Mapped[str] = mapped_column(ForeignKey(CONVERSATION), primary_key=True)
    epoch: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    agent: Mapped[str] = mapped_column(String(80))
    waiting_since: Mapped[datetime | None] = mapped_column(Moment)
    taken: Mapped[datetime] = mapped_column(Moment)
    ended: Mapped[datetime | None] = mapped_column(Moment, index=True)

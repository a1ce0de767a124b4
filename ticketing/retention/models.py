"""Legal holds on conversations, and the wishes of persons to be forgotten."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.db import Base, Moment
from ticketing.personal import Sealed


class LegalHold(Base):
    """Nothing of the conversation is erased while it stands. One person places it, another lifts it."""

    __tablename__ = "legal_holds"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    conversation: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    reason: Mapped[str] = mapped_column(Sealed)
    placed_by: Mapped[str] = mapped_column(String(80))
    placed_at: Mapped[datetime] = mapped_column(Moment)
    lift_reason: Mapped[str | None] = mapped_column(Sealed)
    lifted_by: Mapped[str | None] = mapped_column(String(80))
    lifted_at: Mapped[datetime | None] = mapped_column(Moment)
    erased_at: Mapped[datetime | None] = mapped_column(Moment)


class Erasure(Base):
    """One person's personal text is to go. What that is was settled when it was asked for: the traces by which it was
    found go first, and a run that was killed must still know the rest.
    """

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    how: Mapped[str] = mapped_column(String(16))
    who: Mapped[str | None] = mapped_column(String(100), index=True)
    """Blind index of the number, or the conversation's id; gone when it is finished."""
    conversations: Mapped[list[str]] = mapped_column(JSON)
    orders: Mapped[list[str]] = mapped_column(JSON)
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    erased: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Rows emptied so far, by item of `data/retention.yml`."""
    finished_at: Mapped[datetime | None] = mapped_column(Moment, index=True)

"""Published words with their versions, and the plain default texts behind them (version 0)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.db import Base, Moment

IN_FORCE = text("state = 'published'")


class Variant(StrEnum):
    """How words are shaped for a channel: read on a screen, or heard."""

    CHAT = "chat"
    PHONE = "phone"


class State(StrEnum):
    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    RETIRED = "retired"


class TalkTrack(Base):
    """One version of a name's words for one variant. Its words never change; a change is a new version.

    A version belongs to the name: both variants get it together. At most one version of each is in force.
    """

    __tablename__ = "talk_tracks"
    __table_args__ = (
        UniqueConstraint("name", "variant", "version", name="uq_talk_tracks_version"),
        Index(
            "uq_talk_tracks_in_force", "name", "variant", unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE
        ),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    variant: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    buttons: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    """`[{"title", "payload"}]`, chat only."""
    personal: Mapped[list[str]] = mapped_column(JSON)
    """Slots that hold personal data."""
    author: Mapped[str] = mapped_column(String(80))
    reviewer: Mapped[str] = mapped_column(String(80))
    publisher: Mapped[str] = mapped_column(String(80))
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    retired_at: Mapped[datetime | None] = mapped_column(Moment)


class DefaultText(Base):
    """Version 0 of a name: the text that `domain.yml` declares."""

    __tablename__ = "talk_track_defaults"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    buttons: Mapped[list[dict[str, str]]] = mapped_column(JSON)


class Edition(Base):
    """One row whose token changes with every change of the published words: what a cache compares."""

    __tablename__ = "talk_track_edition"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    token: Mapped[str] = mapped_column(String(32))

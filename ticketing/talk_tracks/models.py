"""Words with their versions, the plain default texts behind them (version 0), and the emergencies that replace them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.db import Base, Moment
from ticketing.talk_tracks.words import LANGUAGE

IN_FORCE = text("state = 'published'")


class Variant(StrEnum):
    """How words are shaped for a channel: read on a screen, or heard."""

    CHAT = "chat"
    PHONE = "phone"


class State(StrEnum):
    DRAFT = "draft"
    REVIEW = "review"
    REJECTED = "rejected"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    STANDBY = "standby"
    """Published into an emergency set: said only while the set is on."""
    RETIRED = "retired"


class TalkTrack(Base):
    """One version of a name's words for one variant. Its words never change; a change is a new version.

    A version belongs to the name: both variants get it together, and no two languages have the same one. At most one
    version of each language is in force.
    """

    __tablename__ = "talk_tracks"
    __table_args__ = (
        UniqueConstraint("name", "variant", "version", name="uq_talk_tracks_version"),
        Index(
            "uq_talk_tracks_in_force",
            *("name", "variant", "language"),
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
        Index("ix_talk_tracks_state", "state", "publish_from"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    variant: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(10), default=LANGUAGE)
    version: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    buttons: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    """`[{"title", "payload"}]`, chat only."""
    personal: Mapped[list[str]] = mapped_column(JSON)
    """Slots that hold personal data."""
    emergency_set: Mapped[str | None] = mapped_column(String(40))
    author: Mapped[str] = mapped_column(String(80))
    reviewer: Mapped[str | None] = mapped_column(String(80))
    publisher: Mapped[str | None] = mapped_column(String(80))
    drafted_at: Mapped[datetime | None] = mapped_column(Moment)
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str | None] = mapped_column(Text)
    """Why it was rejected, taken back or retired."""
    publish_from: Mapped[datetime | None] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    """The first time; a rollback does not change it, because sentences were said from then on."""
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


class FileWords(Base):
    """What the files said when they were last imported. Words that did not change there are not imported again, so
    that what people decided since then (another version, a rollback) stays."""

    __tablename__ = "talk_track_file_words"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    """`name/language`, or `name/language/set`."""
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)


class Emergency(Base):
    """An emergency set switched on for an area: asked for by one, switched on by a second, reviewed by a third."""

    __tablename__ = "talk_track_emergencies"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    emergency_set: Mapped[str] = mapped_column(String(40))
    area: Mapped[str] = mapped_column(String(80))
    restoration: Mapped[datetime] = mapped_column(Moment)
    """When power should be back, as it was typed; after it nothing is said any more."""
    until: Mapped[datetime] = mapped_column(Moment)
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    on_by: Mapped[str | None] = mapped_column(String(80))
    on_at: Mapped[datetime | None] = mapped_column(Moment)
    off_by: Mapped[str | None] = mapped_column(String(80))
    off_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    off_reason: Mapped[str | None] = mapped_column(String(300))
    reviewed_by: Mapped[str | None] = mapped_column(String(80))
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment)
    accepted: Mapped[bool | None] = mapped_column()
    remarks: Mapped[str | None] = mapped_column(String(1000))
    overdue_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was recorded that nobody had reviewed it in time."""

"""Versions of a name: found, locked, and read as words."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ticketing.db import alone
from ticketing.talk_tracks.errors import TalkTrackNotFound, VersionNotFound, WrongState
from ticketing.talk_tracks.models import State, TalkTrack, Variant
from ticketing.talk_tracks.words import LANGUAGE, Words


@dataclass(frozen=True)
class Version:
    """The rows of one version, chat first."""

    rows: tuple[TalkTrack, ...]

    @property
    def chat(self) -> TalkTrack:
        return self.rows[0]

    @property
    def number(self) -> int:
        return self.chat.version

    @property
    def state(self) -> State:
        return State(self.chat.state)

    @property
    def words(self) -> Words:
        phone = next((row.text for row in self.rows if row.variant == Variant.PHONE), None)
        chat = self.chat
        return Words(
            name=chat.name,
            chat=chat.text,
            phone=phone,
            buttons=tuple((button["title"], button["payload"]) for button in chat.buttons),
            personal=tuple(chat.personal),
            language=chat.language,
            emergency_set=chat.emergency_set,
        )

    def set(self, **fields: Any) -> None:
        """The same in all rows: a version takes its steps as a whole."""
        for row in self.rows:
            for field, value in fields.items():
                setattr(row, field, value)


def lock(session: Session, name: str) -> None:
    """Let nobody else take a step with this name until the transaction ends."""
    alone(session, f"talk_track:{name}")


def of(session: Session, name: str, *, language: str | None = None) -> list[Version]:
    """All versions, newest first. Raises TalkTrackNotFound."""
    query = select(TalkTrack).where(TalkTrack.name == name).order_by(TalkTrack.version.desc(), TalkTrack.variant)
    if language is not None:
        query = query.where(TalkTrack.language == language)
    found = grouped(session.scalars(query.execution_options(populate_existing=True)))
    if not found:
        raise TalkTrackNotFound(f"no talk track '{name}'" + (f" in {language}" if language else ""))
    return found


def grouped(rows: Iterable[TalkTrack]) -> list[Version]:
    """Rows, those of a version side by side and chat first, as versions."""
    return [Version(tuple(each)) for _, each in groupby(rows, key=lambda row: (row.name, row.version))]


def find(session: Session, name: str, number: int, *, states: Iterable[State] | None = None) -> Version:
    """Raises TalkTrackNotFound, VersionNotFound, WrongState where it is in none of `states`."""
    version = next((each for each in of(session, name) if each.number == number), None)
    if version is None:
        raise VersionNotFound(f"'{name}' has no version {number}")
    if states is not None and version.state not in (allowed := tuple(states)):
        wanted = " or ".join(allowed)
        raise WrongState(f"version {number} of '{name}' is {version.state}, not {wanted}", state=version.state)
    return version


def in_force(session: Session, name: str, *, language: str = LANGUAGE) -> Version | None:
    return _one(session, name, language, TalkTrack.state == State.PUBLISHED)


def standing_by(session: Session, name: str, *, emergency_set: str, language: str = LANGUAGE) -> Version | None:
    return _one(session, name, language, TalkTrack.state == State.STANDBY, TalkTrack.emergency_set == emergency_set)


def _one(session: Session, name: str, language: str, *conditions: Any) -> Version | None:
    rows = session.scalars(
        select(TalkTrack)
        .where(TalkTrack.name == name, TalkTrack.language == language, *conditions)
        .order_by(TalkTrack.version, TalkTrack.variant)
    )
    return next(iter(grouped(rows)), None)


def said(session: Session) -> list[Version]:
    """Every version in force, and every one that stands ready in an emergency set."""
    rows = session.scalars(
        select(TalkTrack)
        .where(TalkTrack.state.in_([State.PUBLISHED, State.STANDBY]))
        .order_by(TalkTrack.name, TalkTrack.version, TalkTrack.variant)
    )
    return grouped(rows)


def add(session: Session, words: Words, **fields: Any) -> Version:
    """The next version with these words; `fields` are those of the rows (state, author …)."""
    last = session.scalar(select(func.max(TalkTrack.version)).where(TalkTrack.name == words.name)) or 0
    texts: list[tuple[Variant, str]] = [(Variant.CHAT, words.chat)]
    if words.phone is not None:
        texts.append((Variant.PHONE, words.phone))
    buttons = [{"title": title, "payload": payload} for title, payload in words.buttons]
    rows = tuple(
        TalkTrack(
            name=words.name,
            variant=variant,
            language=words.language,
            version=last + 1,
            text=text,
            buttons=buttons if variant is Variant.CHAT else [],
            personal=sorted(words.personal),
            emergency_set=words.emergency_set,
            **fields,
        )
        for variant, text in texts
    )
    session.add_all(rows)
    session.flush()
    return Version(rows)

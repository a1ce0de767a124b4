"""What may be said: the published words of a talk track for a channel, with its slots filled."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.orm import Session

from ticketing.db import now
from ticketing.errors import TicketingError
from ticketing.talk_tracks.alert import fitting
from ticketing.talk_tracks.fill import fill, missing, places
from ticketing.talk_tracks.models import DefaultText, Variant
from ticketing.talk_tracks.shelf import Cache
from ticketing.talk_tracks.spoken import Spoken
from ticketing.talk_tracks.words import LANGUAGE

log = structlog.get_logger("ticketing.talk_tracks")
_cache = Cache()


class NothingToSay(TicketingError):
    """A talk track that is neither published nor has a default text."""

    status = 422


@dataclass(frozen=True)
class Rendered:
    """Words ready to be said. `open_slots` are those that may stand readable in a record; all others are hashed."""

    text: str
    version: int
    buttons: tuple[dict[str, str], ...]
    open_slots: frozenset[str]


def render(
    session: Session,
    *,
    name: str,
    slots: Mapping[str, Any],
    channel: str,
    default: str | None = None,
    language: str = LANGUAGE,
) -> Rendered:
    """The words of talk track `name` in force for `channel` (`phone`, or any other: chat).

    The phone falls back to the chat text. A name that is not published, or a slot that is missing, leads to
    `default` (or the default text of `domain.yml`) as version 0; the missing slot is logged as an error. Raises
    NothingToSay when there is no text at all. While an emergency is on, its words come first.
    """
    variant = Variant.PHONE if channel == Variant.PHONE else Variant.CHAT
    shelf = _cache.shelf(session)
    if shelf.alerts:
        found = fitting(shelf.alerts, name=name, variant=variant, language=language, slots=slots, at=now())
        if found:
            alert, spoken = found
            return _published(spoken, slots={**slots, **alert.values}, variant=variant)
    words = shelf.find(name, variant, language)
    if words is None:
        return _plain(session, name=name, slots=slots, default=default)
    gaps = missing(words.text, slots)
    if gaps:
        log.error("talk_track_slot_missing", talk_track=name, version=words.version, slots=sorted(gaps))
        return _plain(session, name=name, slots=slots, default=default)
    return _published(words, slots=slots, variant=variant)


def _published(words: Spoken, *, slots: Mapping[str, Any], variant: Variant) -> Rendered:
    buttons = () if variant is Variant.PHONE else words.buttons
    return Rendered(
        fill(words.text, slots),
        words.version,
        tuple({"title": fill(title, slots), "payload": fill(payload, slots)} for title, payload in buttons),
        frozenset(places(words.text)) - words.personal,
    )


def _plain(session: Session, *, name: str, slots: Mapping[str, Any], default: str | None) -> Rendered:
    kept = session.get(DefaultText, name)
    text = default or (kept.text if kept else "")
    if not text.strip():
        raise NothingToSay(f"talk track '{name}' is not published and has no default text: send `default`")
    gaps = missing(text, slots)
    if gaps:
        log.error("talk_track_slot_missing", talk_track=name, version=0, slots=sorted(gaps))
    return Rendered(fill(text, slots), 0, (), frozenset())

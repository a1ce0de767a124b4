"""The words in force, kept in the process and compared with the database by a token at each use."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.talk_tracks.models import Edition, State, TalkTrack, Variant

EDITION = 1


@dataclass(frozen=True)
class Words:
    """A published text of one variant."""

    text: str
    version: int
    buttons: tuple[tuple[str, str], ...]
    personal: frozenset[str]


@dataclass(frozen=True)
class Shelf:
    """All the words in force under one token."""

    token: str | None
    words: Mapping[tuple[str, str], Words]

    def find(self, name: str, variant: Variant) -> Words | None:
        """The variant's words, or for the phone those of the chat when it has none of its own."""
        return self.words.get((name, variant)) or self.words.get((name, Variant.CHAT))


class Cache:
    """The process's shelf. A token is random, so what a rolled-back publication left here never fits again."""

    def __init__(self) -> None:
        self._shelf = Shelf(None, {})

    def shelf(self, session: Session) -> Shelf:
        """The words in force for `session`: one small query when nothing changed."""
        token = session.scalar(select(Edition.token).where(Edition.id == EDITION))
        if token is None:
            return Shelf(None, {})
        shelf = self._shelf
        if shelf.token != token:
            shelf = self._shelf = _read(session, token)
        return shelf


def _read(session: Session, token: str) -> Shelf:
    rows = session.scalars(select(TalkTrack).where(TalkTrack.state == State.PUBLISHED))
    return Shelf(
        token,
        {
            (row.name, row.variant): Words(
                row.text,
                row.version,
                tuple((button["title"], button["payload"]) for button in row.buttons),
                frozenset(row.personal),
            )
            for row in rows
        },
    )


def turn_over(session: Session) -> None:
    """Tell every cache that the words changed, from the end of this transaction on."""
    token = secrets.token_hex(16)
    edition = session.get(Edition, EDITION, populate_existing=True, with_for_update=True)
    if edition is None:
        session.add(Edition(id=EDITION, token=token))
    else:
        edition.token = token
    session.flush()

"""The words in force, kept in the process and compared with the database by a token at each use."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.talk_tracks.alert import Alert
from ticketing.talk_tracks.models import Edition, Emergency, State, TalkTrack, Variant
from ticketing.talk_tracks.spoken import Key, Spoken
from ticketing.talk_tracks.words import LANGUAGE
from ticketing.work_orders.numbers import LOCAL

EDITION = 1


@dataclass(frozen=True)
class Shelf:
    """All the words in force under one token, and the emergencies that are on, newest first."""

    token: str | None
    words: Mapping[Key, Spoken]
    alerts: tuple[Alert, ...] = ()

    def find(self, name: str, variant: Variant, language: str = LANGUAGE) -> Spoken | None:
        """The variant's words, or for the phone those of the chat when it has none of its own.

        A language without words of its own is answered in the utility's own: being understood in part beats silence.
        """
        words = self.words.get((name, variant, language)) or self.words.get((name, Variant.CHAT, language))
        return words if words or language == LANGUAGE else self.find(name, variant)


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
    return Shelf(token, {_key(row): _spoken(row) for row in rows}, _alerts(session))


def _key(row: TalkTrack) -> Key:
    return row.name, row.variant, row.language


def _spoken(row: TalkTrack) -> Spoken:
    return Spoken(
        row.text,
        row.version,
        tuple((button["title"], button["payload"]) for button in row.buttons),
        frozenset(row.personal),
    )


def _alerts(session: Session) -> tuple[Alert, ...]:
    on = session.scalars(
        select(Emergency)
        .where(Emergency.on_at.is_not(None), Emergency.off_at.is_(None))
        .order_by(Emergency.on_at.desc(), Emergency.id.desc())
    ).all()
    return tuple(_alert(session, each) for each in on)


def _alert(session: Session, emergency: Emergency) -> Alert:
    ready = select(TalkTrack).where(
        TalkTrack.state == State.STANDBY, TalkTrack.emergency_set == emergency.emergency_set
    )
    back = emergency.restoration.astimezone(LOCAL)
    return Alert(
        area=emergency.area,
        ends=min(emergency.until, emergency.restoration),
        values={"emergency_area": emergency.area, "emergency_time": f"{back.month}月{back.day}日{back:%H:%M}"},
        words={_key(row): _spoken(row) for row in session.scalars(ready)},
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

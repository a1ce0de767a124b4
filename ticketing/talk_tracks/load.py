"""Bring the published words in step with the files: what changed there becomes a new version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.talk_tracks import files, gate, publishing, record, versions
from ticketing.talk_tracks.files import Default, Signed, TalkTrackFileError
from ticketing.talk_tracks.lint import book as rules
from ticketing.talk_tracks.models import DefaultText, FileWords
from ticketing.talk_tracks.shelf import turn_over
from ticketing.talk_tracks.words import Words
from ticketing.work_orders.numbers import LOCAL

ROOT = Path(__file__).parents[2]
FILES = ROOT / "data" / "talk_tracks"
DOMAIN = ROOT / "domain.yml"


@dataclass(frozen=True)
class Loaded:
    """What a load did. `only_default` are names of `domain.yml` that nothing is published for; `overtaken` those whose
    words in force were decided on since the files were last imported: an export brings the files in step."""

    published: tuple[str, ...]
    unchanged: int
    only_default: tuple[str, ...]
    overtaken: tuple[str, ...] = ()


def load(session: Session, *, at: datetime, folder: Path = FILES, domain: Path = DOMAIN) -> Loaded:
    """Publish the files' words in the caller's transaction; repeating it changes nothing.

    Raises TalkTrackFileError, before anything is written, also where the gate refuses any of the words.
    """
    signed, defaults = files.read(folder), files.read_defaults(domain)
    said_last = {row.key: row.digest for row in session.scalars(select(FileWords))}
    changed = [each for each in signed if said_last.get(_key(each.words)) != digest(each.words)]
    refuse(changed, at=at)
    _keep_defaults(session, defaults)
    published = [each.name for each in changed if publish(session, each, at=at)]
    if published:
        turn_over(session)
    names, said_now = {each.name for each in signed}, _said_now(session)
    return Loaded(
        tuple(published),
        len(signed) - len(published),
        tuple(each.name for each in defaults if each.name not in names),
        tuple(each.name for each in signed if said_now.get(_key(each.words)) != each.words),
    )


def _said_now(session: Session) -> dict[str, Words]:
    every = (version.words for version in versions.said(session))
    return {_key(words): words for words in every}


def refuse(signed: Sequence[Signed], *, at: datetime) -> None:
    """Raises TalkTrackFileError with the first words that may not be published, and why."""
    book = rules.read()
    for each in signed:
        people = {"author": each.author, "reviewer": each.reviewer, "publisher": each.publisher}
        for refusal in gate.refusals(each.words, book, on=at.astimezone(LOCAL).date(), **people):
            raise TalkTrackFileError(f"{each.file}: {each.name}: {refusal.reason}: {refusal.detail}")


def publish(session: Session, signed: Signed, *, at: datetime) -> bool:
    """Put the words into force as the next version, unless they are in force already, or the file says what it said.

    The caller ends with `turn_over`. Raises TalkTrackFileError.
    """
    words = signed.words
    kept = session.get(FileWords, _key(words))
    if kept and kept.digest == digest(words):
        return False
    versions.lock(session, words.name)
    _remember(session, words, at=at)
    before = publishing.current(session, words)
    if before and before.words == words:
        return False
    refuse([signed], at=at)
    people = {"author": signed.author, "reviewer": signed.reviewer, "publisher": signed.publisher}
    if before:
        publishing.make_room(session, before, at=at)
    version = versions.add(session, words, state=publishing.state_in_force(words), published_at=at, **people)
    variants = sorted(row.variant for row in version.rows)
    edition = rules.read().edition
    record.act(
        session,
        version,
        "published",
        actor=signed.publisher,
        at=at,
        variants=variants,
        lint=edition,
        **record.people(version),
    )
    return True


def _remember(session: Session, words: Words, *, at: datetime) -> None:
    session.merge(FileWords(key=_key(words), digest=digest(words), at=at))


def remember(session: Session, signed: Sequence[Signed], *, at: datetime) -> None:
    """The files say this now: they were just written from the words in force."""
    for each in signed:
        _remember(session, each.words, at=at)


def _key(words: Words) -> str:
    return "/".join(part for part in (words.name, words.language, words.emergency_set) if part)


def digest(words: Words) -> str:
    return sha256(repr(words).encode()).hexdigest()


def _keep_defaults(session: Session, defaults: Sequence[Default]) -> None:
    kept = {row.name: row for row in session.scalars(select(DefaultText))}
    for default in defaults:
        row = kept.get(default.name)
        if row is None:
            session.add(DefaultText(name=default.name, text=default.text, buttons=default.buttons))
        elif (row.text, row.buttons) != (default.text, default.buttons):
            row.text, row.buttons = default.text, default.buttons
    session.flush()

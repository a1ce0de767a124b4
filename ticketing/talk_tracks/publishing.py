"""Words come into force and leave it: at once, at a set time, by rollback, by retirement. The gate decides."""

from datetime import datetime

from sqlalchemy.orm import Session

from ticketing.talk_tracks import gate, record, versions
from ticketing.talk_tracks.errors import NothingBefore, PublicationRefused, StillSaid, WrongState
from ticketing.talk_tracks.lint.book import Book
from ticketing.talk_tracks.models import DefaultText, State
from ticketing.talk_tracks.shelf import turn_over
from ticketing.talk_tracks.versions import Version
from ticketing.talk_tracks.words import Words
from ticketing.work_orders.numbers import LOCAL

SCHEDULE = "schedule"
"""Who brings scheduled words into force; the publisher is who set the time."""
UNUSED = (State.DRAFT, State.REVIEW, State.APPROVED, State.SCHEDULED, State.STANDBY)


def publish(session: Session, name: str, number: int, *, by: str, book: Book, at: datetime) -> Version:
    """Bring an approved version into force (or its emergency set). Raises WrongState, PublicationRefused."""
    version = _admitted(session, name, number, by=by, book=book, at=at, from_=at)
    version.set(publisher=by)
    come_into_force(session, version, at=at)
    record.act(session, version, "published", actor=by, at=at, lint=book.edition, **record.people(version))
    return version


def schedule(
    session: Session, name: str, number: int, *, by: str, published_from: datetime, book: Book, at: datetime
) -> Version:
    """Publish an approved version at a time to come. Raises WrongState, PublicationRefused."""
    version = _admitted(session, name, number, by=by, book=book, at=at, from_=published_from)
    if published_from <= at:
        raise WrongState("published_from has passed: publish it instead", state=version.state)
    version.set(state=State.SCHEDULED, publisher=by, publish_from=published_from)
    record.act(session, version, "scheduled", actor=by, at=at, published_from=published_from.isoformat())
    return version


def _admitted(
    session: Session, name: str, number: int, *, by: str, book: Book, at: datetime, from_: datetime
) -> Version:
    versions.lock(session, name)
    version = versions.find(session, name, number, states=[State.APPROVED])
    _gate(version, publisher=by, book=book, at=from_)
    return version


def _gate(version: Version, *, publisher: str | None, book: Book, at: datetime) -> None:
    chat = version.chat
    refused = gate.refusals(
        version.words,
        book,
        author=chat.author,
        reviewer=chat.reviewer,
        publisher=publisher,
        on=at.astimezone(LOCAL).date(),
    )
    if refused:
        raise PublicationRefused.of(chat.name, refused)


def bring_due(session: Session, name: str, number: int, *, book: Book, at: datetime) -> bool:
    """The time of a scheduled version has come. Where the gate refuses by now (the rules have changed), it goes back to
    the approved ones, with the reason on record."""
    versions.lock(session, name)
    version = versions.find(session, name, number)
    due = version.chat.publish_from
    if version.state is not State.SCHEDULED or due is None or due > at:
        return False
    try:
        _gate(version, publisher=version.chat.publisher, book=book, at=at)
    except PublicationRefused as refused:
        version.set(state=State.APPROVED, publish_from=None, reason=refused.detail)
        record.act(session, version, "schedule_refused", actor=SCHEDULE, at=at, reason=refused.detail)
        return True
    come_into_force(session, version, at=at)
    data = {"publisher": version.chat.publisher, "scheduled_for": due.isoformat(), "lint": book.edition}
    record.act(session, version, "published", actor=SCHEDULE, at=at, **data, **record.people(version))
    return True


def come_into_force(session: Session, version: Version, *, at: datetime) -> None:
    """The version's words are those that are said from the end of this transaction on; the ones before retire."""
    words = version.words
    before = current(session, words)
    if before and before.number != version.number:
        make_room(session, before, at=at)
    version.set(state=state_in_force(words), published_at=version.chat.published_at or at, retired_at=None)
    session.flush()
    turn_over(session)


def state_in_force(words: Words) -> State:
    return State.STANDBY if words.emergency_set else State.PUBLISHED


def make_room(session: Session, before: Version, *, at: datetime) -> None:
    """Retire the words that others will replace; flushed, because there is room for one version in force."""
    before.set(state=State.RETIRED, retired_at=at)
    session.flush()


def current(session: Session, words: Words) -> Version | None:
    """The version that is said under the name of `words` now, or stands ready in their emergency set."""
    if words.emergency_set is None:
        return versions.in_force(session, words.name, language=words.language)
    return versions.standing_by(session, words.name, emergency_set=words.emergency_set, language=words.language)


def roll_back(session: Session, name: str, *, by: str, reason: str, language: str, book: Book, at: datetime) -> Version:
    """Put the version before back into force, at once and by one person: three have answered for it already.

    It is under the gate's rules of today all the same. Raises TalkTrackNotFound, NothingBefore, PublicationRefused.
    """
    versions.lock(session, name)
    every = versions.of(session, name, language=language)
    now_in_force = next((each for each in every if each.state is State.PUBLISHED), None)
    limit = now_in_force.number if now_in_force else float("inf")
    before = next((each for each in every if each.number < limit and _was_in_force(each)), None)
    if before is None:
        raise NothingBefore(f"'{name}' had no words in force before")
    _gate(before, publisher=before.chat.publisher, book=book, at=at)
    come_into_force(session, before, at=at)
    replaced = now_in_force.number if now_in_force else None
    record.act(session, before, "rolled_back", actor=by, at=at, replaced=replaced, reason=reason)
    return before


def _was_in_force(version: Version) -> bool:
    chat = version.chat
    return version.state is State.RETIRED and chat.published_at is not None and chat.emergency_set is None


def retire(session: Session, name: str, number: int, *, by: str, reason: str, book: Book, at: datetime) -> Version:
    """Take a version away for good. Raises WrongState; StillSaid for words in force that something still says."""
    versions.lock(session, name)
    version = versions.find(session, name, number, states=[*UNUSED, State.PUBLISHED])
    if version.state is State.PUBLISHED and _is_said(session, name, book):
        raise StillSaid(f"'{name}' is still said: publish other words, or roll back")
    was = version.state
    version.set(state=State.RETIRED, retired_at=at, reason=reason)
    session.flush()
    if was in {State.PUBLISHED, State.STANDBY}:
        turn_over(session)
    record.act(session, version, "retired", actor=by, at=at, was=was, reason=reason)
    return version


def _is_said(session: Session, name: str, book: Book) -> bool:
    return book.placeholders.is_said(name) or session.get(DefaultText, name) is not None

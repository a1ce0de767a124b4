"""From a draft to an approved version: who writes, who reads it over. Words never change; a change is a new version."""

from datetime import datetime

from sqlalchemy.orm import Session

from ticketing.talk_tracks import gate, record, versions
from ticketing.talk_tracks.errors import NotTheAuthor, PublicationRefused, TalkTrackNotFound
from ticketing.talk_tracks.lint.book import Book
from ticketing.talk_tracks.models import State
from ticketing.talk_tracks.versions import Version
from ticketing.talk_tracks.words import Words
from ticketing.work_orders.numbers import LOCAL


def draft(session: Session, words: Words, *, author: str, at: datetime) -> Version:
    """Write the next version. The author's earlier draft of these words, if any, is withdrawn: this one replaces it."""
    versions.lock(session, words.name)
    try:
        earlier = versions.of(session, words.name, language=words.language)
    except TalkTrackNotFound:
        earlier = []
    for each in earlier:
        mine = each.state is State.DRAFT and gate.same(each.chat.author) == gate.same(author)
        if mine and each.chat.emergency_set == words.emergency_set:
            each.set(state=State.RETIRED, retired_at=at, reason="superseded")
    version = versions.add(session, words, state=State.DRAFT, author=author, drafted_at=at)
    record.act(session, version, "drafted", actor=author, at=at)
    return version


def submit(session: Session, name: str, number: int, *, by: str, book: Book, at: datetime) -> Version:
    """Send a draft to review. Raises NotTheAuthor, WrongState; PublicationRefused where the lint finds an error."""
    versions.lock(session, name)
    version = versions.find(session, name, number, states=[State.DRAFT])
    if gate.same(version.chat.author) != gate.same(by):
        raise NotTheAuthor(f"version {number} of '{name}' was written by {version.chat.author}")
    if refused := gate.in_words(version.words, book, on=at.astimezone(LOCAL).date()):
        raise PublicationRefused.of(name, refused)
    version.set(state=State.REVIEW)
    record.act(session, version, "submitted", actor=by, at=at, lint=book.edition)
    return version


def review(
    session: Session, name: str, number: int, *, by: str, accept: bool, reason: str | None, at: datetime
) -> Version:
    """Accept a version, or reject it with a reason. Raises WrongState; PublicationRefused where the author reviews."""
    versions.lock(session, name)
    version = versions.find(session, name, number, states=[State.REVIEW])
    if refused := gate.people(author=version.chat.author, reviewer=by):
        raise PublicationRefused.of(name, refused)
    state = State.APPROVED if accept else State.REJECTED
    version.set(state=state, reviewer=by, reviewed_at=at, reason=reason)
    record.act(session, version, "accepted" if accept else "rejected", actor=by, at=at, reason=reason)
    return version

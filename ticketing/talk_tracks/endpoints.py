"""Talk tracks over HTTP: written, read over, published, taken back; and the lint for what anybody types."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query

from ticketing.db import Reading, Writing, now
from ticketing.errors import InvalidRequest
from ticketing.talk_tracks import drafting, publishing, reading, versions
from ticketing.talk_tracks.diff import compare
from ticketing.talk_tracks.files import NAME
from ticketing.talk_tracks.lint.run import errors, lint
from ticketing.talk_tracks.lint.said import Said
from ticketing.talk_tracks.models import State
from ticketing.talk_tracks.people import Act, Desk, Typist, acting
from ticketing.talk_tracks.schemas import (
    Back,
    DiffView,
    FindingView,
    Language,
    Line,
    LintView,
    NewWords,
    Reasoned,
    Timed,
    Typed,
    Verdict,
    VersionView,
)
from ticketing.talk_tracks.wiring import Rules
from ticketing.work_orders.numbers import LOCAL

router = APIRouter(prefix="/api/talk-tracks", tags=["talk tracks"])
Name = Annotated[str, Path(pattern=NAME)]
Number = Annotated[int, Path(ge=1)]


def _today() -> date:
    return now().astimezone(LOCAL).date()


@router.post("/lint")
def check(typed: Typed, book: Rules, _: Typist) -> LintView:
    """What the rules find in a text, in the order of its places. An agent is warned; nothing is refused here."""
    said = Said(typed.text, typed.channel, typed.name, typed.language, frozenset(typed.personal))
    found = lint(said, book, _today())
    return LintView(findings=[FindingView.of(each) for each in found], errors=len(errors(found)), edition=book.edition)


@router.get("")
def read_all(
    session: Reading,
    book: Rules,
    _: Desk,
    language: Annotated[Language | None, Query()] = None,
    state: Annotated[State | None, Query()] = None,
    text: Annotated[str | None, Query(min_length=1, max_length=100)] = None,
) -> list[Line]:
    """A line for each name and language; `state=review`: what waits for a reviewer."""
    return reading.lines(session, book, language=language, state=state, text=text)


@router.get("/{name}")
def read(
    name: Name, session: Reading, book: Rules, _: Desk, language: Annotated[Language | None, Query()] = None
) -> list[VersionView]:
    """All versions, newest first, with what the lint finds today. 404 TalkTrackNotFound."""
    return [VersionView.of(each, book, on=_today()) for each in versions.of(session, name, language=language)]


@router.get("/{name}/diff")
def diff(
    name: Name,
    session: Reading,
    _: Desk,
    before: Annotated[int, Query(ge=1)],
    after: Annotated[int, Query(ge=1)],
) -> list[DiffView]:
    """What changed from one version to another; empty: nothing. 404 VersionNotFound."""
    old, new = (versions.find(session, name, number).words for number in (before, after))
    return [DiffView.of(each) for each in compare(old, new)]


@router.post("/{name}/versions", status_code=201)
def draft(name: Name, asked: NewWords, session: Writing, book: Rules, caller: Desk) -> VersionView:
    """Write the next version, as a draft; the answer says what the lint finds in it."""
    version = drafting.draft(session, asked.words(name), author=acting(caller, asked), at=now())
    return VersionView.of(version, book, on=_today())


@router.post("/{name}/versions/{number}/submit")
def submit(name: Name, number: Number, asked: Act, *, session: Writing, book: Rules, caller: Desk) -> VersionView:
    """Send a draft to review. 403 NotTheAuthor; 409 WrongState; 422 PublicationRefused (lint errors)."""
    version = drafting.submit(session, name, number, by=acting(caller, asked), book=book, at=now())
    return VersionView.of(version, book, on=_today())


@router.post("/{name}/versions/{number}/review")
def review(name: Name, number: Number, asked: Verdict, *, session: Writing, book: Rules, caller: Desk) -> VersionView:
    """Accept a version or reject it with a reason. 409 WrongState; 422 PublicationRefused (the author reviews)."""
    if not asked.accept and not asked.reason:
        raise InvalidRequest("reason: a rejection says why")
    by = acting(caller, asked)
    version = drafting.review(session, name, number, by=by, accept=asked.accept, reason=asked.reason, at=now())
    return VersionView.of(version, book, on=_today())


@router.post("/{name}/versions/{number}/publish")
def publish(name: Name, number: Number, asked: Act, *, session: Writing, book: Rules, caller: Desk) -> VersionView:
    """Bring an approved version into force. 409 WrongState; 422 PublicationRefused, with all `reasons`."""
    version = publishing.publish(session, name, number, by=acting(caller, asked), book=book, at=now())
    return VersionView.of(version, book, on=_today())


@router.post("/{name}/versions/{number}/schedule")
def schedule(name: Name, number: Number, asked: Timed, *, session: Writing, book: Rules, caller: Desk) -> VersionView:
    """Bring an approved version into force at `published_from`. 409 WrongState; 422 PublicationRefused."""
    by = acting(caller, asked)
    version = publishing.schedule(
        session, name, number, by=by, published_from=asked.published_from, book=book, at=now()
    )
    return VersionView.of(version, book, on=_today())


@router.post("/{name}/versions/{number}/retire")
def retire(name: Name, number: Number, asked: Reasoned, *, session: Writing, book: Rules, caller: Desk) -> VersionView:
    """Take a version away for good. 409 WrongState, StillSaid."""
    by = acting(caller, asked)
    version = publishing.retire(session, name, number, by=by, reason=asked.reason, book=book, at=now())
    return VersionView.of(version, book, on=_today())


@router.post("/{name}/rollback")
def roll_back(name: Name, asked: Back, session: Writing, book: Rules, caller: Desk) -> VersionView:
    """Put the version before back into force, at once. 409 NothingBefore; 422 PublicationRefused."""
    by = acting(caller, asked)
    version = publishing.roll_back(
        session, name, by=by, reason=asked.reason, language=asked.language, book=book, at=now()
    )
    return VersionView.of(version, book, on=_today())

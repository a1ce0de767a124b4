"""Talk tracks as the desk lists them. Changes nothing."""

from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.talk_tracks import versions
from ticketing.talk_tracks.lint.book import Book
from ticketing.talk_tracks.models import State, TalkTrack
from ticketing.talk_tracks.schemas import Line
from ticketing.talk_tracks.versions import Version


def lines(session: Session, book: Book, *, language: str | None, state: State | None, text: str | None) -> list[Line]:
    """A line for each name and language. `state`: only those with a version in it; `text`: that name or say it."""
    query = select(TalkTrack).order_by(TalkTrack.name, TalkTrack.version.desc(), TalkTrack.variant)
    if language:
        query = query.where(TalkTrack.language == language)
    every = sorted(versions.grouped(session.scalars(query)), key=lambda each: (each.chat.name, each.chat.language))
    found = []
    for (name, spoken), group in groupby(every, key=lambda each: (each.chat.name, each.chat.language)):
        own = list(group)
        if (state is None or any(each.state is state for each in own)) and _says(own, text):
            found.append(_line(name, spoken, own, book))
    return found


def _says(own: list[Version], text: str | None) -> bool:
    return text is None or text in own[0].chat.name or any(text in row.text for each in own for row in each.rows)


def _line(name: str, language: str, own: list[Version], book: Book) -> Line:
    shown = next((each for each in own if each.state is State.PUBLISHED), None)
    return Line(
        name=name,
        language=language,
        in_force=shown.number if shown else None,
        chat=(shown or own[0]).chat.text,
        newest=own[0].number,
        newest_state=own[0].state,
        is_said=book.placeholders.is_said(name),
    )

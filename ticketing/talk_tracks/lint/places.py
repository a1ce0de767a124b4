"""Checks of the places in a text: known, of the right kind, told with its unit, kept hidden where personal. Pure."""

import re
from collections.abc import Iterator

from ticketing.talk_tracks.lint.book import Book
from ticketing.talk_tracks.lint.finding import Finding
from ticketing.talk_tracks.lint.said import Said
from ticketing.talk_tracks.placeholders import Type

NAMES_ITS_AREA = {"emergency_area", "area", "address"}


def places(said: Said, book: Book) -> Iterator[Finding]:
    """Nothing for what a person types."""
    if said.name is None:
        return
    known, rules = book.placeholders.of(said.name, emergency=said.emergency), book.placeholders
    for place in said.places:
        start, end = place.span()
        kind = known.get(place[1])
        if kind is None:
            choice = "、".join(f"{{{slot}}}" for slot in sorted(known)) or "无"
            yield said.find(rules.unknown, start, end, mend=rules.unknown.mend.format(choice=choice))
            continue
        if kind.personal and place[1] not in said.personal:
            yield said.find(rules.personal, start, end, mend=rules.personal.mend.format(slot=place[1]))
        yield from _unit(said, kind, place, book)
    if said.emergency and not NAMES_ITS_AREA & {place[1] for place in said.places}:
        yield said.find(rules.area, 0, len(said.text))


def _unit(said: Said, kind: Type, place: re.Match[str], book: Book) -> Iterator[Finding]:
    before, after = said.text[: place.start()], said.text[place.end() :]
    fits = (kind.before is None or re.search(f"(?:{kind.before})$", before)) and (
        kind.after is None or re.match(kind.after, after)
    )
    if not fits:
        wanted = f"{kind.before or ''}{place[0]}{kind.after or ''}"
        mend = book.placeholders.unit.mend.format(label=kind.label, wanted=wanted)
        yield said.find(book.placeholders.unit, *place.span(), mend=mend)

"""Checks that need nothing but the words: words and patterns, disclosures, length, numbers for the voice. Pure."""

import re
from collections.abc import Iterator

import cn2an

from ticketing.talk_tracks.lint.book import Book
from ticketing.talk_tracks.lint.finding import Finding
from ticketing.talk_tracks.lint.rows import Length
from ticketing.talk_tracks.lint.said import Said

SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")
DIGITS = dict(zip("0123456789", "零幺二三四五六七八九", strict=True))


def shapes(said: Said, book: Book) -> Iterator[Finding]:
    """Forbidden words and patterns. A place that two patterns of a rule cover is found once, as the longer one."""
    for shape in book.shapes:
        if not said.concerns(shape.row):
            continue
        harmless = [match.span() for match in shape.unless.finditer(said.read)]
        for match in shape.pattern.finditer(said.read):
            start, end = match.span()
            if start < end and not any(first <= start and end <= last for first, last in harmless):
                yield said.find(shape.row, start, end)


def disclosures(said: Said, book: Book) -> Iterator[Finding]:
    """What a talk track must tell. Where a rule does not speak the language, nobody could say that it is told."""
    for row in book.disclosures:
        if said.name not in row.talk_tracks or said.channel not in row.channels:
            continue
        is_told = said.concerns(row) and any(re.search(pattern, said.read) for pattern in row.any)
        if not is_told:
            yield said.find(row, 0, len(said.text))


def lengths(said: Said, book: Book) -> Iterator[Finding]:
    """Of the rules that a piece breaks only the strictest speaks."""
    pieces = {"text": [(0, len(said.text))], "sentence": [match.span() for match in SENTENCE.finditer(said.text)]}
    for of, spans in pieces.items():
        rows = sorted((row for row in book.lengths if row.of == of and said.concerns(row)), key=lambda row: -row.most)
        for start, end in spans:
            yield from _too_long(said, book, rows, start, end)


def _too_long(said: Said, book: Book, rows: list[Length], start: int, end: int) -> Iterator[Finding]:
    long = _length(said, book, start, end)
    broken = next((row for row in rows if long > row.most), None)
    if broken:
        yield said.find(broken, start, end, mend=broken.mend.format(long=long, most=broken.most))


def _length(said: Said, book: Book, start: int, end: int) -> int:
    """Characters with a sample in each place."""
    types = book.placeholders.of(said.name, emergency=said.emergency) if said.name else {}
    inside = [place for place in said.places if start <= place.start() and place.end() <= end]
    longer = sum(len(types[place[1]].sample) - len(place[0]) for place in inside if place[1] in types)
    return end - start + longer


def numbers(said: Said, book: Book) -> Iterator[Finding]:
    """Digits that are to be written as they are spoken; the first rule that knows the digits speaks."""
    taken: list[tuple[int, int]] = []
    for row in book.numbers:
        if not said.concerns(row):
            continue
        for match in re.finditer(row.pattern, said.read):
            start, end = match.span()
            if any(start < last and first < end for first, last in taken):
                continue
            taken.append((start, end))
            spoken = one_by_one(match[0]) if row.read == "digits" else as_number(match[0])
            yield said.find(row, start, end, mend=row.mend.format(spoken=spoken))


def one_by_one(digits: str) -> str:
    """`120` → 幺二零."""
    return "".join(DIGITS.get(digit, digit) for digit in digits)


def as_number(digits: str) -> str:
    """`26` → 二十六, `2` → 两: it stands before a measure."""
    return "两" if digits == "2" else str(cn2an.an2cn(digits, "low"))

"""Promises beyond the rule book: a time or a sum in words, where we tell what we shall do. Pure.

The amount must stand in a row of `data/rulebook/` that holds on the day; a row that is only an example warns.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import cn2an

from ticketing.talk_tracks.lint.book import Book, is_verified, promised
from ticketing.talk_tracks.lint.finding import Finding, Level
from ticketing.talk_tracks.lint.rows import Promise
from ticketing.talk_tracks.lint.said import Said

CLAUSE = re.compile(r"[^，。；！？,;!?\n]+")
NUMBER = r"\d+(?:\.\d+)?|[半零〇一二两三四五六七八九十百千]+"


def promises(said: Said, book: Book, on: date) -> Iterator[Finding]:
    """Each amount of each clause that is about our doing."""
    for row in book.promises:
        if not said.concerns(row):
            continue
        units = "|".join(sorted(map(re.escape, row.units), key=len, reverse=True))
        amount = re.compile(rf"({NUMBER})\s*个?(半)?({units})")
        for clause in CLAUSE.finditer(said.read):
            if not re.search(row.about, clause[0]):
                continue
            for found in amount.finditer(said.read, *clause.span()):
                yield from _beyond(said, row, found, book, on)


def _beyond(said: Said, row: Promise, found: re.Match[str], book: Book, on: date) -> Iterator[Finding]:
    unit, factor = row.units[found[3]]
    number = value(found[1], found[2])
    supporting = promised(book, on).get((unit, number * factor), ()) if number is not None else ()
    finding = said.find(row, *found.span())
    if not supporting:
        yield finding
    elif not is_verified(supporting):
        rows = "、".join(rule.id for rule in supporting)
        mend = row.example_mend.format(rows=rows)
        yield replace(finding, rule=f"{row.id}_example", level=Level.WARNING, why=row.example_why, mend=mend)


def value(number: str, half: str | None) -> float | None:
    """`90` → 90, 两 + 半 → 2.5, 半 → 0.5; None for what only looks like a number (千一)."""
    if number == "半":
        return 0.5
    try:
        whole = float(number) if number[0].isdigit() else float(cn2an.cn2an(number.replace("两", "二"), "smart"))
    except ValueError:
        return None
    return whole + (0.5 if half else 0)

"""Lint a text, or all the words of a talk track. Pure: the same words, rules and day give the same findings."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache

from ticketing.talk_tracks.lint import checks
from ticketing.talk_tracks.lint.book import Book
from ticketing.talk_tracks.lint.finding import Channel, Finding, Level
from ticketing.talk_tracks.lint.places import places
from ticketing.talk_tracks.lint.promises import promises
from ticketing.talk_tracks.lint.said import Said
from ticketing.talk_tracks.words import Words

SMS = "utter_sms_"


@lru_cache(maxsize=4096)
def lint(said: Said, book: Book, on: date) -> tuple[Finding, ...]:
    """What is wrong with a text on a day, in the order of its places."""
    found = [*checks.shapes(said, book), *checks.disclosures(said, book), *checks.lengths(said, book)]
    found += [*checks.numbers(said, book), *promises(said, book, on), *places(said, book)]
    return tuple(sorted(_once(found), key=lambda each: each.order))


def _once(found: Iterable[Finding]) -> list[Finding]:
    """Of a rule's findings that lie one inside the other, the longest."""
    kept: list[Finding] = []
    for each in sorted(found, key=lambda each: (each.rule, each.start, -each.end)):
        inside = kept and kept[-1].rule == each.rule and each.end <= kept[-1].end
        if not inside:
            kept.append(each)
    return kept


def lint_words(words: Words, book: Book, on: date) -> tuple[Finding, ...]:
    """All the words of a talk track: chat, phone, and the buttons' titles.

    Without phone words of its own the chat text is spoken, so it must be fit for that too.
    """
    written = Channel.SMS if words.name.startswith(SMS) else Channel.CHAT
    chat = _marked(words, words.chat, written, book, on, part="chat")
    spoken = words.phone or words.chat
    heard = () if book.never_spoken.match(words.name) else _marked(words, spoken, Channel.PHONE, book, on, part="phone")
    if words.phone is None:
        known = {(each.rule, each.start, each.end) for each in chat}
        heard = tuple(each for each in heard if (each.rule, each.start, each.end) not in known)
    return (*_on_buttons(words, book, on), *chat, *heard)


def _marked(words: Words, text: str, channel: Channel, book: Book, on: date, *, part: str) -> tuple[Finding, ...]:
    said = Said(text, channel, words.name, words.language, frozenset(words.personal), bool(words.emergency_set))
    return tuple(replace(each, part=part) for each in lint(said, book, on))


def _on_buttons(words: Words, book: Book, on: date) -> tuple[Finding, ...]:
    """A button is not a whole message: it need not disclose anything, nor name the area."""
    found: list[Finding] = []
    quiet = {row.id for row in book.disclosures} | {book.placeholders.area.id}
    for title, payload in words.buttons:
        for text in (title, payload):
            marked = _marked(words, text, Channel.CHAT, book, on, part="buttons")
            found += [each for each in marked if each.rule not in quiet]
    return tuple(found)


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(each for each in findings if each.level is Level.ERROR)

"""Whether words may be published: one pure decision for the API, the schedule, a rollback and the YAML import.

Three different people answer for the words, the lint finds no error, and every place is filled by somebody.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

from ticketing.talk_tracks.lint.book import Book
from ticketing.talk_tracks.lint.run import errors, lint_words
from ticketing.talk_tracks.words import Words


class Reason(StrEnum):
    PERSON_MISSING = "person_missing"
    SAME_PERSON = "same_person"
    UNKNOWN_PLACEHOLDER = "unknown_placeholder"
    LINT = "lint"


@dataclass(frozen=True)
class Refusal:
    reason: Reason
    detail: str


def refusals(
    words: Words, book: Book, *, author: str | None, reviewer: str | None, publisher: str | None, on: date
) -> tuple[Refusal, ...]:
    """Why the words may not come into force; empty: they may."""
    return (*people(author=author, reviewer=reviewer, publisher=publisher), *in_words(words, book, on=on))


def people(**roles: str | None) -> tuple[Refusal, ...]:
    """Each role has somebody, and nobody has two: `author`, `reviewer`, `publisher`, as many as are given."""
    missing = [role for role, person in roles.items() if not same(person)]
    found = [Refusal(Reason.PERSON_MISSING, f"nobody is the {role}") for role in missing]
    for (one, person), (other, second) in combinations(roles.items(), 2):
        if same(person) and same(person) == same(second):
            found.append(Refusal(Reason.SAME_PERSON, f"the {other} must not be the {one} ({person})"))
    return tuple(found)


def same(person: str | None) -> str:
    """What makes two ways of writing a name the same person: width, case and spaces do not count."""
    return "".join(unicodedata.normalize("NFKC", person or "").casefold().split())


def in_words(words: Words, book: Book, *, on: date) -> tuple[Refusal, ...]:
    """Errors of the lint; a warning refuses nothing."""
    unknown = book.placeholders.unknown.id
    return tuple(
        Refusal(Reason.UNKNOWN_PLACEHOLDER if each.rule == unknown else Reason.LINT, f"{each.part}: {each}")
        for each in errors(lint_words(words, book, on))
    )

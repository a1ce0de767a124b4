"""All the rules, read once: the rows ready to be matched, the placeholders, and the promises that may be made."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from ticketing.rulebook import rules as rulebook
from ticketing.rulebook.promises import MINUTES
from ticketing.rulebook.rules import Confidence, Rule, Rulebook
from ticketing.talk_tracks.files import TalkTrackFileError
from ticketing.talk_tracks.lint import rows
from ticketing.talk_tracks.lint.shapes import pattern_of
from ticketing.talk_tracks.placeholders import Placeholders

FOLDER = Path(__file__).resolve().parents[3] / "data" / "talk_tracks" / "rules"
PLACEHOLDERS = "placeholders.yml"
NEVER = re.compile(r"(?!)")


class RulesBroken(TalkTrackFileError):
    """The rules cannot be used; the words name the file and the place in it."""


@dataclass(frozen=True)
class Shape:
    """A pattern of a rule, and what makes a match harmless when it lies inside."""

    row: rows.Row
    pattern: re.Pattern[str]
    unless: re.Pattern[str]


@dataclass(frozen=True, eq=False)
class Book:
    """`edition`: a digest of all files, so that a finding can be had again."""

    shapes: tuple[Shape, ...]
    disclosures: tuple[rows.Disclosure, ...]
    lengths: tuple[rows.Length, ...]
    numbers: tuple[rows.Numbers, ...]
    promises: tuple[rows.Promise, ...]
    placeholders: Placeholders
    never_spoken: re.Pattern[str]
    rulebook: Rulebook
    edition: str

    @property
    def ids(self) -> list[str]:
        every = [shape.row for shape in self.shapes]
        every += [*self.disclosures, *self.lengths, *self.numbers, *self.promises]
        declared = self.placeholders
        every += [declared.unknown, declared.personal, declared.unit, declared.area]
        return list(dict.fromkeys(row.id for row in every))


@cache
def read(folder: Path = FOLDER, promises: Path = rulebook.FOLDER) -> Book:
    """The rules of `folder` with the rule book of `promises`. Raises RulesBroken, RulebookBroken."""
    contents = {path.name: path.read_bytes() for path in sorted(folder.glob("*.yml"))}
    if PLACEHOLDERS not in contents:
        raise RulesBroken(f"{folder / PLACEHOLDERS} is missing")
    files = [_file(name, content) for name, content in contents.items() if name != PLACEHOLDERS]
    book = Book(
        shapes=tuple(shape for file in files for shape in _shapes(file)),
        disclosures=tuple(row for file in files for row in file.disclosures),
        lengths=tuple(row for file in files for row in file.lengths),
        numbers=tuple(row for file in files for row in file.numbers),
        promises=tuple(row for file in files for row in file.promises),
        placeholders=_placeholders(contents[PLACEHOLDERS]),
        never_spoken=re.compile("|".join(file.never_spoken for file in files if file.never_spoken) or NEVER.pattern),
        rulebook=rulebook.load(promises),
        edition=sha256(b"\0".join(contents.values())).hexdigest()[:12],
    )
    _refuse_twins(files)
    return book


def _refuse_twins(files: list[rows.File]) -> None:
    seen: set[str] = set()
    for file in files:
        for row in (*file.words, *file.patterns, *file.disclosures, *file.lengths, *file.numbers, *file.promises):
            if row.id in seen:
                raise RulesBroken(f"the id '{row.id}' stands twice: a finding names one rule")
            seen.add(row.id)


def _file(name: str, content: bytes) -> rows.File:
    try:
        return rows.File.model_validate(_yaml(name, content) or {})
    except ValidationError as error:
        raise RulesBroken(f"{name}: {_first(error)}") from error


def _placeholders(content: bytes) -> Placeholders:
    try:
        return Placeholders.model_validate(_yaml(PLACEHOLDERS, content))
    except ValidationError as error:
        raise RulesBroken(f"{PLACEHOLDERS}: {_first(error)}") from error


def _yaml(name: str, content: bytes) -> Any:
    try:
        return yaml.safe_load(content)
    except yaml.YAMLError as error:
        raise RulesBroken(f"{name}: not YAML: {error}") from error


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"


def _shapes(file: rows.File) -> Iterator[Shape]:
    for row in file.words:
        for word in row.words:
            unless = re.compile("|".join(re.escape(each) for each in word.unless) or NEVER.pattern)
            yield Shape(row, pattern_of(word.word, variants=word.variants, sounds=word.sounds), unless)
    for listed in file.patterns:
        unless = re.compile("|".join(listed.unless) or NEVER.pattern)
        yield from (Shape(listed, re.compile(pattern), unless) for pattern in listed.patterns)


@lru_cache(maxsize=64)
def promised(book: Book, on: date) -> dict[tuple[str, float], tuple[Rule, ...]]:
    """What the rule book holds on a day: (unit, amount) → rows; times in minutes, but working days by themselves."""
    found: dict[tuple[str, float], tuple[Rule, ...]] = {}
    for item in sorted(book.rulebook.items()):
        rule = book.rulebook.find(item, on=on)
        if rule is None or rule.unit not in {*MINUTES, "working_days", "yuan"}:
            continue
        unit = "minutes" if rule.unit in MINUTES else rule.unit
        key = (unit, float(rule.number) * MINUTES.get(rule.unit, 1))
        found[key] = (*found.get(key, ()), rule)
    return found


def is_verified(found: tuple[Rule, ...]) -> bool:
    return any(rule.confidence is Confidence.VERIFIED for rule in found)

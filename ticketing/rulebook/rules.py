"""The rule book: rows of `data/rulebook/*.yml`, checked when they are read."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

FOLDER = Path(__file__).resolve().parents[2] / "data" / "rulebook"


class RulebookBroken(ValueError):
    """A row cannot be used; the words name the file and the row."""


class Confidence(StrEnum):
    VERIFIED = "verified"
    EXAMPLE = "example"


class Rule(BaseModel):
    """One number (or list of months) with its source and the days on which it holds (`until`: the last one)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(min_length=1)]
    item: Annotated[str, Field(min_length=1)]
    value: str | int | Decimal
    unit: Annotated[str, Field(min_length=1)]
    source: Annotated[str, Field(min_length=1)]
    since: Annotated[date, Field(alias="from")]
    until: date | None
    confidence: Confidence
    text: str | None = None

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> "Rule":
        if self.until and self.until < self.since:
            raise ValueError("`until` lies before `from`")
        return self

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    @property
    def number(self) -> Decimal:
        return Decimal(str(self.value))


class Rulebook:
    """All rules, found by item and day."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._by_item: dict[str, list[Rule]] = {}
        for rule in rules:
            self._by_item.setdefault(rule.item, []).append(rule)

    def find(self, item: str, *, on: date) -> Rule | None:
        """The rule for `item` in force on the day, or None."""
        return next((rule for rule in self._by_item.get(item, ()) if rule.holds_on(on)), None)

    def number(self, item: str, *, on: date) -> Decimal:
        """The value in force. Raises RulebookBroken where none is: a calculation cannot go on without."""
        rule = self.find(item, on=on)
        if rule is None:
            raise RulebookBroken(f"no rule '{item}' is in force on {on}")
        return rule.number


def load(folder: Path = FOLDER) -> Rulebook:
    """Read all files of `folder`. Raises RulebookBroken, naming file and row."""
    rules: list[Rule] = []
    for file in sorted(folder.glob("*.yml")):
        rules.extend(_read(file))
    if not rules:
        raise RulebookBroken(f"no rules in {folder}")
    _refuse_doubles(rules)
    return Rulebook(rules)


def _read(file: Path) -> list[Rule]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise RulebookBroken(f"{file.name} cannot be read: {error}") from error
    rows = content.get("rules") if isinstance(content, dict) else None
    if not isinstance(rows, list):
        raise RulebookBroken(f"{file.name} must hold a list under `rules:`")
    return [_rule(row, f"{file.name}, row {number}") for number, row in enumerate(rows, start=1)]


def _rule(row: object, where: str) -> Rule:
    named = f"{where} ({row['id']})" if isinstance(row, dict) and row.get("id") else where
    try:
        return Rule.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise RulebookBroken(f"{named}: {field or 'row'}: {first['msg']}") from error


def _refuse_doubles(rules: list[Rule]) -> None:
    seen: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in seen:
            raise RulebookBroken(f"the id '{rule.id}' stands twice")
        seen[rule.id] = rule
    for rule in rules:
        for other in rules:
            if other is not rule and other.item == rule.item and other.holds_on(rule.since):
                raise RulebookBroken(f"'{rule.id}' and '{other.id}' both set '{rule.item}' on {rule.since}")

"""The rule book: rows of `data/rulebook/*.yml`, checked when they are read."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from ticketing.rulebook.files import Place, Row, RulebookBroken, rows

__all__ = ["Confidence", "DatesOverlap", "NotInForce", "Rule", "Rulebook", "RulebookBroken", "load"]

FOLDER = Path(__file__).resolve().parents[2] / "data" / "rulebook"
WORDS = frozenset({"months", "hours_of_day"})
"""Units whose values are lists in text; the value of any other unit is a number."""


class DatesOverlap(RulebookBroken):
    """Two rows set the same item on the same day."""


class NotInForce(RulebookBroken):
    """A calculation needs an item that no row sets on that day."""


class Confidence(StrEnum):
    VERIFIED = "verified"
    EXAMPLE = "example"


class Rule(BaseModel):
    """One number (or list of months or hours) with its source and the days on which it holds (`until`: the last)."""

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
    _place: Place = PrivateAttr(Place("given", 0))

    @model_validator(mode="after")
    def ends_after_it_starts(self) -> "Rule":
        if self.until and self.until < self.since:
            raise ValueError("`until` lies before `from`")
        return self

    @model_validator(mode="after")
    def counts(self) -> "Rule":
        if self.unit in WORDS:
            return self
        try:
            fine = Decimal(str(self.value)) >= 0  # not so for NaN
        except InvalidOperation:
            fine = False
        if not fine:
            raise ValueError(f"`value` must be a number that is not negative, because its unit is {self.unit}")
        return self

    @property
    def where(self) -> str:
        """File, line and id, for a refusal."""
        return f"{self._place} ('{self.id}')"

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    @property
    def number(self) -> Decimal:
        return Decimal(str(self.value))

    @classmethod
    def of(cls, row: Row) -> "Rule":
        """Raises RulebookBroken with the line of the field that does not fit."""
        named = f" ({row.content['id']})" if isinstance(row.content, dict) and row.content.get("id") else ""
        try:
            rule = cls.model_validate(row.content)
        except ValidationError as error:
            first = error.errors()[0]
            field = str(first["loc"][0]) if first["loc"] else ""
            raise RulebookBroken(f"{row.place.of(field)}{named}: {field or 'row'}: {first['msg']}") from error
        rule._place = row.place
        return rule


class Rulebook:
    """All rules, found by item and day. Raises RulebookBroken where two say different things."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._by_item: dict[str, list[Rule]] = {}
        ids: dict[str, Rule] = {}
        for rule in rules:
            if rule.id in ids:
                raise RulebookBroken(f"{rule.where}: the id stands already at {ids[rule.id].where}")
            ids[rule.id] = rule
            self._by_item.setdefault(rule.item, []).append(rule)
        for of_item in self._by_item.values():
            of_item.sort(key=lambda rule: rule.since)
            _refuse_overlaps(of_item)
        self._ids = ids

    def find(self, item: str, *, on: date) -> Rule | None:
        """The rule for `item` in force on the day, or None."""
        return next((rule for rule in self._by_item.get(item, ()) if rule.holds_on(on)), None)

    def rule(self, item: str, *, on: date) -> Rule:
        """The rule in force. Raises NotInForce where none is: a calculation cannot go on without."""
        rule = self.find(item, on=on)
        if rule is None:
            raise NotInForce(f"no rule '{item}' is in force on {on}")
        return rule

    def number(self, item: str, *, on: date) -> Decimal:
        """The value in force. Raises NotInForce."""
        return self.rule(item, on=on).number

    def by_id(self, id: str) -> Rule:
        """Raises KeyError: ids come from the book itself."""
        return self._ids[id]

    def starts(self, items: Iterable[str], *, after: date, until: date) -> list[date]:
        """The days in (after, until] from which another row holds for any of `items`, in order."""
        days: set[date] = set()
        for item in items:
            for rule in self._by_item.get(item, ()):
                days.add(rule.since)
                if rule.until is not None and rule.until < date.max:
                    days.add(rule.until + timedelta(days=1))
        return sorted(day for day in days if after < day <= until)

    def items(self) -> frozenset[str]:
        return frozenset(self._by_item)


def _refuse_overlaps(rules: list[Rule]) -> None:
    """`rules`: of one item, by first day."""
    for earlier, later in pairwise(rules):
        if earlier.until is None or later.since <= earlier.until:
            raise DatesOverlap(
                f"{later.where}: sets '{later.item}' from {later.since}, but {earlier.where} "
                f"holds {f'until {earlier.until}' if earlier.until else 'without an end'}"
            )


def load(folder: Path = FOLDER) -> Rulebook:
    """Read all files of `folder`. Raises RulebookBroken, naming file and line."""
    rules = [Rule.of(row) for file in sorted(folder.glob("*.yml")) for row in rows(file)]
    if not rules:
        raise RulebookBroken(f"no rules in {folder}")
    return Rulebook(rules)

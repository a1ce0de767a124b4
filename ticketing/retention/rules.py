"""`data/retention.yml`, checked when it is read: how long what is kept, why, and where an erasure does not reach."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ticketing.rulebook.files import Row, RulebookBroken, rows
from ticketing.rulebook.rules import Confidence

FILE = Path(__file__).resolve().parents[2] / "data" / "retention.yml"
Words = Annotated[str, Field(min_length=1)]


class Item(StrEnum):
    """What can be kept; each has its rule."""

    MESSAGES = "messages"
    DECISIONS = "decisions"
    HANDOFFS = "handoffs"
    CONVERSATIONS = "conversations"
    STANDINGS = "standings"
    IDENTITY_CHECKS = "identity_checks"
    ORDERS = "orders"
    ORDER_NOTES = "order_notes"
    REPORTS = "reports"
    OUTBOX = "outbox"
    PICTURES = "pictures"
    INSPECTIONS = "inspections"
    HOLDS = "holds"
    AUDIT_TEXTS = "audit_texts"
    RECORDINGS = "recordings"
    """Calls are not recorded yet; the rule stands already, so that the first recording has one."""


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Kept(_Row):
    """`days` after `since` (in words, for people) the personal text of the item goes."""

    item: Item
    days: Annotated[int, Field(ge=1)]
    since: Annotated[Words, Field(alias="from")]
    what: Words
    source: Words
    reason: Words
    confidence: Confidence


class Elsewhere(_Row):
    """A copy that this program does not erase. `days`: after so many it is gone by itself; None: not by days."""

    where: Words
    what: Words
    days: int | None
    how: Words


class Rules:
    """All rules by item. Raises RulebookBroken where an item has none, or two."""

    def __init__(self, kept: Iterable[Kept], elsewhere: Iterable[Elsewhere]) -> None:
        self.kept, self.elsewhere = tuple(kept), tuple(elsewhere)
        items = [rule.item for rule in self.kept]
        for item in Item:
            if items.count(item) != 1:
                raise RulebookBroken(f"{FILE.name}: '{item}' must have one rule, and has {items.count(item)}")
        self._by_item = {rule.item: rule for rule in self.kept}

    def before(self, item: Item, *, at: datetime) -> datetime:
        """What is older than this has been kept long enough at `at`."""
        return at - timedelta(days=self._by_item[item].days)


def load(file: Path = FILE) -> Rules:
    """Raises RulebookBroken, naming file and line."""
    kept = [_fit(Kept, row) for row in rows(file)]
    return Rules(kept, [_fit(Elsewhere, row) for row in rows(file, under="elsewhere")])


def _fit[Fitting: _Row](model: type[Fitting], row: Row) -> Fitting:
    try:
        return model.model_validate(row.content)
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        raise RulebookBroken(f"{row.place.of(field)}: {field or 'row'}: {first['msg']}") from error

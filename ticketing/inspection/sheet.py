"""`data/inspection/sheet.yml`: what an inspector scores, and how the points add up. Pure."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ticketing.inspection.errors import ScoresDoNotFit

FILE = Path(__file__).resolve().parents[2] / "data" / "inspection" / "sheet.yml"
FULL = 100
Id = Annotated[str, Field(pattern=r"^[a-z_]{1,30}$")]
Words = Annotated[str, Field(min_length=1)]


class SheetBroken(ValueError):
    """The sheet cannot be used; the words say why."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Criterion(_Part):
    """`fatal`: right or wrong, nothing between; wrong makes the whole sheet worth nothing."""

    id: Id
    group: Words
    name: Words
    asks: Words
    points: Annotated[int, Field(ge=1, le=FULL)]
    fatal: bool


class Sheet(_Part):
    id: Id
    version: Annotated[int, Field(ge=1)]
    title: Words
    contest_days: Annotated[int, Field(ge=1)]
    criteria: tuple[Criterion, ...]

    @model_validator(mode="after")
    def adds_up(self) -> Self:
        ids = [each.id for each in self.criteria]
        if len(ids) != len(set(ids)):
            raise ValueError("a criterion stands twice")
        if (total := sum(each.points for each in self.criteria)) != FULL:
            raise ValueError(f"the points must add up to {FULL}, and are {total}")
        return self

    @property
    def name(self) -> str:
        return f"{self.id}/{self.version}"

    def total(self, scores: Mapping[str, int]) -> int:
        """0 to 100. Raises ScoresDoNotFit, naming the criterion."""
        known = {each.id for each in self.criteria}
        if odd := sorted(known ^ set(scores)):
            raise ScoresDoNotFit(f"every criterion is scored once: {', '.join(odd)}")
        for each in self.criteria:
            given = scores[each.id]
            if not 0 <= given <= each.points or (each.fatal and given not in {0, each.points}):
                allowed = f"0 or {each.points}" if each.fatal else f"0 to {each.points}"
                raise ScoresDoNotFit(f"'{each.id}' gets {allowed} points, not {given}")
        is_lost = any(each.fatal and scores[each.id] == 0 for each in self.criteria)
        return 0 if is_lost else sum(scores.values())


def load(file: Path = FILE) -> Sheet:
    """Raises SheetBroken."""
    try:
        return Sheet.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise SheetBroken(f"{file.name}: {error}") from error

"""Which caller is more than one of many? Reads what they said against the words of `data/outages/urgent.yml`. Pure.

A breathing machine, people in a lift, neighbours who have light: an outage that is known does not answer these.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parents[2] / "data" / "outages" / "urgent.yml"
CALLS_THAT_ESCALATE = 3
"""The third call of one customer about one outage."""


class Need(StrEnum):
    LIFT = "lift"
    MEDICAL = "medical"
    NEIGHBOURS_LIT = "neighbours_lit"


@dataclass(frozen=True)
class Care:
    """What a caller of a known outage gets beside it: an order of their own, somebody who looks at once."""

    own_order: str | None = None
    """The order's kind."""
    escalate: bool = False
    why: str = ""


class UrgentWordsBroken(ValueError):
    """The file of urgent words cannot be used; the words name the need."""


@cache
def words(file: Path = FILE) -> dict[Need, re.Pattern[str]]:
    """Raises UrgentWordsBroken."""
    try:
        content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        return {need: re.compile("|".join(content[need])) for need in Need}
    except (OSError, yaml.YAMLError, KeyError, TypeError, re.error) as error:
        raise UrgentWordsBroken(f"{file.name} cannot be used: {error}") from error


def need_of(text: str) -> Need | None:
    """The most pressing need that is named."""
    return next((need for need, pattern in words().items() if pattern.search(text)), None)


def care(need: Need | None, *, calls: int) -> Care:
    """`calls`: of this customer about this outage, this one counted."""
    match need:
        case Need.LIFT:
            return Care(own_order="hazard", why=Need.LIFT)
        case Need.MEDICAL:
            return Care(own_order="outage", escalate=True, why=Need.MEDICAL)
        case Need.NEIGHBOURS_LIT:
            return Care(own_order="outage", why=Need.NEIGHBOURS_LIT)
    if calls == CALLS_THAT_ESCALATE:
        return Care(escalate=True, why=f"called {calls} times")
    return Care()

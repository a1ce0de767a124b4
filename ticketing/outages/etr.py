"""When will power be back? From what such outages took before, else from the rule book, else nothing is said. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Protocol

from ticketing.work_orders.numbers import LOCAL

ENOUGH = 5
"""So many restored outages of a kind are a history."""
SHARE = 0.8
"""Told is a time that four of five outages kept: an estimate that half of them break is worse than none."""
STEP = timedelta(minutes=10)


class Rulebook(Protocol):
    def minutes(self, item: str, *, at: datetime) -> int | None:
        """What the rule book promises and may be said, in minutes."""


def estimate(
    *, started: datetime, at: datetime, zone: str | None, history: Sequence[timedelta], book: Rulebook
) -> datetime | None:
    """The time to tell, on the full ten minutes after. None: no rule may be quoted and there is no history."""
    took = _usual(history) or _promised(zone, at=started, book=book)
    if took is None:
        return None
    due = started + took
    while due <= at:  # it has taken longer than usual: half as long again
        due += max(took / 2, STEP)
    return _rounded(due)


def _usual(history: Sequence[timedelta]) -> timedelta | None:
    if len(history) < ENOUGH:
        return None
    return sorted(history)[ceil(SHARE * len(history)) - 1]


def _promised(zone: str | None, *, at: datetime, book: Rulebook) -> timedelta | None:
    """Arrival and restoration after it; where the zone is not known or remote, the longest."""
    arrival = book.minutes(f"arrival.{zone or 'remote'}", at=at)
    repair = book.minutes("restoration.urban" if zone == "urban" else "restoration.rural", at=at)
    if arrival is None or repair is None:
        return None
    return timedelta(minutes=arrival + repair)


def _rounded(due: datetime) -> datetime:
    local = due.astimezone(LOCAL)
    start = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return (start + STEP * ceil((local - start) / STEP)).astimezone(due.tzinfo)

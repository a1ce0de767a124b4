"""From registers to energy per day: replaced meters, dials that run over, days without a reading. Pure.

A meter shows a register that only grows; the utility freezes it at the end of each day (日冻结). Energy is the
difference of two readings times the multiplier of the current transformers.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from ticketing.billing.usage import MonthUse


class ReadingsRefused(ValueError):
    """These readings cannot be turned into energy; the words name the meter and the day."""


@dataclass(frozen=True)
class MeterRun:
    """One meter's stay at a metering point, as far as it lies in the month. `opening`: the register at the start of
    `first`; `readings`: at the end of a day, some days may be missing, the last one closes the run.
    `digits`: of the dial before the point; after 99999 it shows 0 again."""

    meter: str
    first: date
    opening: int
    readings: tuple[tuple[date, int], ...]
    multiplier: int = 1
    digits: int = 6

    @property
    def last(self) -> date:
        return self.readings[-1][0]


def measure(runs: Iterable[MeterRun]) -> MonthUse:
    """The month's usage from the meters that measured it, one after the other. On the day of a replacement both count.
    Raises ReadingsRefused."""
    runs = tuple(runs)
    if not runs:
        raise ReadingsRefused("a month without a meter")
    _in_turn(runs)
    by_day: dict[date, int] = {}
    for run in runs:
        for day, kwh in _daily(run):
            by_day[day] = by_day.get(day, 0) + kwh
    first, last = runs[0].first, runs[-1].last
    if (last - first).days >= monthrange(first.year, first.month)[1]:
        raise ReadingsRefused(f"from {first} to {last} is more than a month")
    return MonthUse(first, tuple(by_day[first + timedelta(days=n)] for n in range((last - first).days + 1)))


def _in_turn(runs: tuple[MeterRun, ...]) -> None:
    for run in runs:
        if not run.readings:
            raise ReadingsRefused(f"meter {run.meter} has no closing reading")
    for old, new in pairwise(runs):
        if not timedelta(0) <= new.first - old.last <= timedelta(days=1):
            raise ReadingsRefused(f"meter {new.meter} begins on {new.first}, but {old.meter} ended on {old.last}")


def _daily(run: MeterRun) -> Iterator[tuple[date, int]]:
    """Energy over days without a reading is shared evenly, what is left over goes to the earliest of them."""
    before, start = run.opening, run.first
    for day, register in run.readings:
        days = (day - start).days + 1
        if days < 1:
            raise ReadingsRefused(f"meter {run.meter}: the readings of {day} are out of order")
        each, rest = divmod(_difference(run, before, register, day) * run.multiplier, days)
        for number in range(days):
            yield start + timedelta(days=number), each + (number < rest)
        before, start = register, day + timedelta(days=1)


def _difference(run: MeterRun, before: int, after: int, day: date) -> int:
    dial = int(10**run.digits)
    if not (0 <= before < dial and 0 <= after < dial):
        raise ReadingsRefused(f"meter {run.meter}: its dial has {run.digits} digits, the reading of {day} has not")
    grown = (after - before) % dial
    if grown > dial // 2:  # more than half the dial in a few days: it ran backwards, or was read wrong
        raise ReadingsRefused(f"meter {run.meter}: the register went back from {before} to {after} on {day}")
    return grown

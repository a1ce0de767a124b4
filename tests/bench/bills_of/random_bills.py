"""Bills as plain data, one for each number: replaced meters, dials that run over, missing days, late payers."""

from calendar import monthrange
from datetime import date, timedelta
from random import Random
from typing import Any

CATEGORIES = ("residential",) * 6 + ("commercial",) * 2 + ("agricultural",) * 2


def random_bill(rng: Random) -> dict[str, Any]:
    """`{"category", "first", "meters" or "hours", "due_on", "paid_on"}`."""
    first, last = _days(rng)
    category = rng.choice(CATEGORIES)
    bill: dict[str, Any] = {"category": category, "first": first.isoformat()}
    if category == "commercial":
        bill["hours"] = _curve(rng, (last - first).days + 1)
    else:
        bill["meters"] = _meters(rng, first, last, _daily_kwh(rng, category))
    due = date(first.year + first.month // 12, first.month % 12 + 1, 25)
    late = rng.choice((0, 0, -5, 1, 2, rng.randint(1, 40), rng.randint(1, 800)))
    return {**bill, "due_on": due.isoformat(), "paid_on": (due + timedelta(days=late)).isoformat()}


def _days(rng: Random) -> tuple[date, date]:
    """Mostly whole months, leap Februaries more often than nature has them; sometimes the contract began or ended."""
    year, month = (rng.choice((2024, 2028)), 2) if rng.random() < 0.06 else (rng.randint(2023, 2029), 0)
    first = date(year, month or rng.randint(1, 12), 1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    if rng.random() < 0.1:
        first = first.replace(day=rng.randint(1, last.day))
    if rng.random() < 0.1:
        last = last.replace(day=rng.randint(first.day, last.day))
    return first, last


def _daily_kwh(rng: Random, category: str) -> int:
    if rng.random() < 0.02:
        return 0
    return rng.choice((3, 5, 7, 10, 16, 30)) if category == "residential" else rng.choice((4, 20, 60))


def _curve(rng: Random, days: int) -> list[list[int]]:
    busy = rng.choice((0, 1, 3, 6))
    return [[rng.randint(0, busy) for _ in range(24)] for _ in range(days)]


def _meters(rng: Random, first: date, last: date, daily: int) -> list[dict[str, Any]]:
    """One meter, or several: the next begins on the day the old one ended, or on the day after."""
    meters = []
    while True:
        replaced = first < last and rng.random() < 0.12
        end = first + timedelta(days=rng.randint(0, (last - first).days - 1)) if replaced else last
        meters.append(_meter(rng, first, end, daily))
        if not replaced:
            return meters
        first = end + timedelta(days=rng.choice((0, 1)))


def _meter(rng: Random, first: date, last: date, daily: int) -> dict[str, Any]:
    digits = rng.choice((5, 6))
    multiplier = rng.choice((1, 1, 1, 1, 2, 10)) if daily < 30 else 1
    near_the_end = rng.random() < 0.1
    register = 10**digits - rng.randint(1, 60) if near_the_end else rng.randint(0, 10**digits - 1)
    readings, day, opening = [], first, register
    silent = rng.random() < 0.15
    while day <= last:
        register = (register + rng.randint(0, 2 * daily) // multiplier) % 10**digits
        if day == last or not (silent and rng.random() < 0.4):
            readings.append([day.isoformat(), register])
        day += timedelta(days=1)
    return {
        "meter": f"M{rng.randint(0, 10**8)}",
        "first": first.isoformat(),
        "opening": opening,
        "readings": readings,
        "multiplier": multiplier,
        "digits": digits,
    }

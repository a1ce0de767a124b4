"""A second way to a bill: day by day and kWh by kWh, from the rule book's raw YAML. Slow and simple on purpose.

It shares nothing with `ticketing`, not even a constant, and works differently where it can: no spans, no differences
of readings (the register is turned on one by one), no multiplication of energy by price (each kWh drops its price into
the till), no Decimal (money is whole numbers of 10⁻¹² yuan until a line is rounded).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

YUAN = 10**12
FEN = YUAN // 100
ONE_DAY = timedelta(days=1)
FOREVER = "9999-12-31"
Line = tuple[tuple[str, ...], int, int]
"""Ids of the rows of its price, kWh, fen."""


@dataclass(frozen=True)
class Walked:
    """The lines in no order (those without energy are left out), and the penalty for late payment in fen."""

    lines: frozenset[Line]
    energy_fen: int
    late_fee_fen: int
    daily: tuple[int, ...]


class RawBook:
    """The rows as text; what holds on a day is looked for among all of them, and remembered."""

    def __init__(self, folder: Path) -> None:
        self._rows: list[dict[str, str]] = []
        for file in folder.glob("*.yml"):
            self._rows += yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)["rules"]
        self._seen: dict[tuple[str, date], dict[str, str]] = {}
        self._periods: dict[date, list[str]] = {}

    def row(self, item: str, day: date) -> dict[str, str]:
        if (item, day) not in self._seen:
            text = day.isoformat()
            held = [
                row
                for row in self._rows
                if row["item"] == item
                and row["from"] <= text <= (FOREVER if row["until"] in ("null", "") else row["until"])
            ]
            assert len(held) == 1, (item, day, held)
            self._seen[item, day] = held[0]
        return self._seen[item, day]

    def value(self, item: str, day: date) -> str:
        return self.row(item, day)["value"]

    def periods(self, day: date) -> list[str]:
        if day not in self._periods:
            self._periods[day] = [period_of(hour, day, self) for hour in range(24)]
        return self._periods[day]


def walk(bill: dict[str, Any], book: RawBook) -> Walked:
    """`bill`: as made by `random_bills` (plain lists and numbers)."""
    if bill["category"] == "commercial":
        hours = bill["hours"]
        daily = [sum(day) for day in hours]
        first = date.fromisoformat(bill["first"])
    else:
        by_day = turn_the_registers(bill["meters"])
        first = min(by_day)
        daily = [by_day[first + ONE_DAY * n] for n in range(len(by_day))]
    days = [first + ONE_DAY * n for n in range(len(daily))]
    till: Counter[tuple[str, ...]] = Counter()
    counted: Counter[tuple[str, ...]] = Counter()
    for line, price in DROPS[bill["category"]](bill, days, daily, book):
        till[line] += price
        counted[line] += 1
    lines = frozenset((line, counted[line], to_fen(till[line])) for line in counted)
    energy = sum(fen for _, _, fen in lines)
    return Walked(lines, energy, penalty(energy, bill, book), tuple(daily))


def turn_the_registers(meters: list[dict[str, Any]]) -> dict[date, int]:
    """Each turn of the register is `multiplier` kWh; they are dealt out one by one, round by round, to the days since
    the reading before."""
    by_day: dict[date, int] = {}
    for meter in meters:
        shown, day = meter["opening"], date.fromisoformat(meter["first"])
        for text, register in meter["readings"]:
            until, waiting = date.fromisoformat(text), []
            while day <= until:
                by_day.setdefault(day, 0)
                waiting.append(day)
                day += ONE_DAY
            turn = 0
            while shown != register:
                shown = 0 if shown == 10 ** meter["digits"] - 1 else shown + 1
                for _ in range(meter["multiplier"]):
                    by_day[waiting[turn]] += 1
                    turn = 0 if turn == len(waiting) - 1 else turn + 1
    return by_day


Drops = Iterator[tuple[tuple[str, ...], int]]
"""For every kWh the line it belongs to and its price in 10⁻¹² yuan."""


def residential(_: dict[str, Any], days: list[date], daily: list[int], book: RawBook) -> Drops:
    number = 0
    for day, kwh in zip(days, daily, strict=True):
        peak = str(day.month) in book.value("tariff.residential.peak_months", day).split(",")
        season = "peak" if peak else "other"
        ends = [int(book.value(f"tariff.residential.tier{tier}.limit.{season}", day)) for tier in (1, 2)]
        rows = [book.row(f"tariff.residential.tier{tier}.price", day) for tier in (1, 2, 3)]
        prices = [units(row["value"]) for row in rows]
        for _kwh in range(kwh):
            number += 1
            tier = 0 if number <= ends[0] else 1 if number <= ends[1] else 2
            yield (rows[tier]["id"],), prices[tier]


def commercial(bill: dict[str, Any], days: list[date], _: list[int], book: RawBook) -> Drops:
    for day, hours in zip(days, bill["hours"], strict=True):
        energy, funds = book.row("tariff.commercial.energy.price", day), book.row("tariff.commercial.funds.price", day)
        surcharge, of_funds = units(funds["value"]), (funds["id"],)
        for period, kwh in zip(book.periods(day), hours, strict=True):
            ratio = book.row(f"tariff.commercial.ratio.{period}", day)
            price, of_energy = units(energy["value"], ratio["value"]), (energy["id"], ratio["id"])
            for _kwh in range(kwh):
                yield of_energy, price
                yield of_funds, surcharge


def period_of(hour: int, day: date, book: RawBook) -> str:
    summer = str(day.month) in book.value("tariff.commercial.super_months", day).split(",")
    if summer and hour in clock(book.value("tariff.commercial.hours.super", day)):
        return "super"
    for period in ("peak", "flat", "valley"):
        if hour in clock(book.value(f"tariff.commercial.hours.{period}", day)):
            return period
    raise AssertionError((hour, day))


def clock(text: str) -> set[int]:
    hours = set()
    for span in text.split(","):
        hour, end = (int(part) for part in span.split("-"))
        while hour < end:
            hours.add(hour)
            hour += 1
    return hours


def agricultural(_: dict[str, Any], days: list[date], daily: list[int], book: RawBook) -> Drops:
    for day, kwh in zip(days, daily, strict=True):
        row = book.row("tariff.agricultural.price", day)
        price = units(row["value"])
        for _kwh in range(kwh):
            yield (row["id"],), price


DROPS = {"residential": residential, "commercial": commercial, "agricultural": agricultural}


def penalty(owed_fen: int, bill: dict[str, Any], book: RawBook) -> int:
    due, paid = date.fromisoformat(bill["due_on"]), date.fromisoformat(bill["paid_on"])
    day, till = due, 0
    while day < paid:
        day += ONE_DAY
        if bill["category"] == "residential":
            item = "late_fee.residential"
        else:
            item = "late_fee.other.same_year" if day.year == due.year else "late_fee.other.later_year"
        till += owed_fen * FEN * units(book.value(item, day)) // YUAN
    if till == 0:
        return 0
    return max(to_fen(till), to_fen(units(book.value("late_fee.minimum", paid))))


_units: dict[tuple[str, ...], int] = {}


def units(*factors: str) -> int:
    """The product in 10⁻¹² yuan; it must come out whole."""
    if factors not in _units:
        product = Fraction(YUAN)
        for factor in factors:
            product *= Fraction(factor)
        assert product.denominator == 1, factors
        _units[factors] = product.numerator
    return _units[factors]


def to_fen(amount: int) -> int:
    """Half a fen goes up."""
    whole, rest = divmod(amount, FEN)
    return whole + 1 if rest * 2 >= FEN else whole

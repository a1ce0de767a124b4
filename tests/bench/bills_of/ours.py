"""The same bill the way ticketing makes it, put into the walker's shape to be compared."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tests.bench.bills_of.walker import Walked
from ticketing.billing.calculation import calculate
from ticketing.billing.metering import MeterRun, measure
from ticketing.billing.penalty import late_fee
from ticketing.billing.tariff import Category
from ticketing.billing.usage import MonthUse
from ticketing.rulebook.rules import Rulebook, load


@cache
def book(folder: Path) -> Rulebook:
    return load(folder)


def made(bill: dict[str, Any], rules: Rulebook) -> Walked:
    category = Category(bill["category"])
    use = _curve(bill) if category is Category.COMMERCIAL else measure(_run(meter) for meter in bill["meters"])
    items = calculate(use, category, rules)
    energy = sum(item.amount_fen for item in items)
    due, paid = date.fromisoformat(bill["due_on"]), date.fromisoformat(bill["paid_on"])
    late = late_fee(energy, category, rules, due_on=due, until=paid)
    lines = frozenset((item.rules, item.kwh or 0, item.amount_fen) for item in items if item.kwh)
    return Walked(lines, energy, late, use.days)


def _curve(bill: dict[str, Any]) -> MonthUse:
    hours = tuple(tuple(day) for day in bill["hours"])
    return MonthUse(date.fromisoformat(bill["first"]), tuple(sum(day) for day in hours), hours)


def _run(meter: dict[str, Any]) -> MeterRun:
    return MeterRun(
        meter=meter["meter"],
        first=date.fromisoformat(meter["first"]),
        opening=meter["opening"],
        readings=tuple((date.fromisoformat(day), register) for day, register in meter["readings"]),
        multiplier=meter["multiplier"],
        digits=meter["digits"],
    )

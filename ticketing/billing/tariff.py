"""Residents' tiers: read from the rule book, and energy turned into money exact to the fen. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from ticketing.billing.gateway import Item
from ticketing.rulebook.rules import Confidence, Rulebook, RulebookBroken

TIER_LABELS = ("第一档", "第二档", "第三档")
FEN_PER_YUAN = 100
ITEM = "tariff.residential"


class Season(StrEnum):
    PEAK = "peak"
    OTHER = "other"


@dataclass(frozen=True)
class Tier:
    """`up_to_kwh`: of a month, None for the last tier."""

    tier: int
    up_to_kwh: int | None
    price: Decimal
    season: Season


def fen(kwh: int, price: Decimal) -> int:
    """Energy times yuan per kWh, half a fen rounded up."""
    return int((kwh * price * FEN_PER_YUAN).quantize(Decimal(1), ROUND_HALF_UP))


def season_of(month: str, book: Rulebook) -> Season:
    """`peak` or `other` for a month `YYYY-MM`. Raises RulebookBroken where the rule book is silent."""
    rule = book.find(f"{ITEM}.peak_months", on=first_day(month))
    if rule is None:
        raise RulebookBroken(f"no rule '{ITEM}.peak_months' is in force in {month}")
    peak = {int(each) for each in str(rule.value).split(",")}
    return Season.PEAK if int(month[5:]) in peak else Season.OTHER


def tiers(book: Rulebook, season: Season, *, on: date) -> tuple[Tier, ...]:
    """The tiers in force on a day. Raises RulebookBroken where one is missing."""
    limits = [int(book.number(f"{ITEM}.tier{tier}.limit.{season}", on=on)) for tier in (1, 2)]
    prices = [book.number(f"{ITEM}.tier{tier}.price", on=on) for tier in (1, 2, 3)]
    return tuple(
        Tier(tier, limit, price, season) for tier, limit, price in zip((1, 2, 3), (*limits, None), prices, strict=True)
    )


def charge(kwh: int, steps: tuple[Tier, ...]) -> tuple[Item, ...]:
    """The month's energy split into the tiers it reached, each rounded to the fen."""
    items: list[Item] = []
    below = 0
    for step in steps:
        top = kwh if step.up_to_kwh is None else min(kwh, step.up_to_kwh)
        if top > below or step.tier == 1:
            items.append(Item(TIER_LABELS[step.tier - 1], top - below, step.price, fen(top - below, step.price)))
        below = max(below, top)
    return tuple(items)


def late_fee(amount_fen: int, *, days: int, a_day: Decimal, minimum_yuan: Decimal) -> int:
    """For an amount overdue by `days`: a share a day, at least the minimum. Nothing while not overdue."""
    if days <= 0 or amount_fen <= 0:
        return 0
    accrued = (amount_fen * a_day * days).quantize(Decimal(1), ROUND_HALF_UP)
    return max(int(accrued), int(minimum_yuan * FEN_PER_YUAN))


def first_day(month: str) -> date:
    return date(int(month[:4]), int(month[5:]), 1)


def confidence(book: Rulebook, *, on: date) -> Confidence:
    """Verified only when every row that the prices rest on is."""
    items = ["peak_months", *(f"tier{tier}.price" for tier in (1, 2, 3))]
    items += [f"tier{tier}.limit.{season}" for tier in (1, 2) for season in Season]
    rules = [book.find(f"{ITEM}.{item}", on=on) for item in items]
    sure = all(rule is not None and rule.confidence is Confidence.VERIFIED for rule in rules)
    return Confidence.VERIFIED if sure else Confidence.EXAMPLE

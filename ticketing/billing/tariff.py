"""What the rule book says about prices on a day: residents' tiers, the commercial day, one price for farms. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ticketing.rulebook.rules import Confidence, Rulebook, RulebookBroken

TIER_LABELS = ("第一档", "第二档", "第三档")
ITEM = "tariff.residential"
COMMERCIAL = "tariff.commercial"
AGRICULTURAL = "tariff.agricultural.price"
FUNDS = f"{COMMERCIAL}.funds.price"
HOURS = 24


class Category(StrEnum):
    """Customer classes with rows in the rule book; bills of any other are explained from their own lines."""

    RESIDENTIAL = "residential"
    COMMERCIAL = "commercial"
    AGRICULTURAL = "agricultural"


class Season(StrEnum):
    PEAK = "peak"
    OTHER = "other"


class Period(StrEnum):
    """Of the commercial day, the dearest first."""

    SUPER = "super"
    PEAK = "peak"
    FLAT = "flat"
    VALLEY = "valley"


PERIOD_LABELS = {Period.SUPER: "尖峰", Period.PEAK: "高峰", Period.FLAT: "平段", Period.VALLEY: "低谷"}

TIER_ITEMS = (
    f"{ITEM}.peak_months",
    *(f"{ITEM}.tier{tier}.price" for tier in (1, 2, 3)),
    *(f"{ITEM}.tier{tier}.limit.{season}" for tier in (1, 2) for season in Season),
)
COMMERCIAL_ITEMS = (
    f"{COMMERCIAL}.energy.price",
    FUNDS,
    f"{COMMERCIAL}.super_months",
    *(f"{COMMERCIAL}.{what}.{period}" for what in ("ratio", "hours") for period in Period),
)
ITEMS = {
    Category.RESIDENTIAL: TIER_ITEMS,
    Category.COMMERCIAL: COMMERCIAL_ITEMS,
    Category.AGRICULTURAL: (AGRICULTURAL,),
}
"""What the prices of a class rest on."""


@dataclass(frozen=True)
class Tier:
    """`up_to_kwh`: of a month, None for the last tier. `rules`: ids of its price's row and its limit's."""

    tier: int
    up_to_kwh: int | None
    price: Decimal
    season: Season
    rules: tuple[str, ...]


@dataclass(frozen=True)
class PeriodPrice:
    """A price (yuan per kWh, funds not in it) and the rows it is the product of."""

    price: Decimal
    rules: tuple[str, ...]


def season_of(month: str, book: Rulebook) -> Season:
    """`peak` or `other` for a month `YYYY-MM`. Raises NotInForce where the rule book is silent."""
    return season_on(first_day(month), book)


def season_on(day: date, book: Rulebook) -> Season:
    rule = book.rule(f"{ITEM}.peak_months", on=day)
    return Season.PEAK if day.month in months(str(rule.value), rule.where) else Season.OTHER


def tiers(book: Rulebook, season: Season, *, on: date) -> tuple[Tier, ...]:
    """The tiers in force on a day. Raises NotInForce where one is missing, RulebookBroken where they do not ascend."""
    limits = [book.rule(f"{ITEM}.tier{tier}.limit.{season}", on=on) for tier in (1, 2)]
    prices = [book.rule(f"{ITEM}.tier{tier}.price", on=on) for tier in (1, 2, 3)]
    first, second = (int(rule.number) for rule in limits)
    if second < first:
        raise RulebookBroken(f"{limits[1].where}: the second tier ends before the first, {limits[0].where}")
    return (
        Tier(1, first, prices[0].number, season, (prices[0].id, limits[0].id)),
        Tier(2, second, prices[1].number, season, (prices[1].id, limits[1].id)),
        Tier(3, None, prices[2].number, season, (prices[2].id,)),
    )


def periods(book: Rulebook, *, on: date) -> tuple[Period, ...]:
    """The period of each of the day's 24 hours. Raises RulebookBroken where an hour has none, or two."""
    found: list[Period | None] = [None] * HOURS
    for period in (Period.PEAK, Period.FLAT, Period.VALLEY):
        rule = book.rule(f"{COMMERCIAL}.hours.{period}", on=on)
        for hour in hours(str(rule.value), rule.where):
            if found[hour] is not None:
                raise RulebookBroken(f"{rule.where}: {hour}:00 is {found[hour]} already")
            found[hour] = period
    summer, extra = (book.rule(f"{COMMERCIAL}.{item}", on=on) for item in ("super_months", "hours.super"))
    dearest = hours(str(extra.value), extra.where)
    if on.month in months(str(summer.value), summer.where):
        for hour in dearest:
            found[hour] = Period.SUPER
    whole = tuple(period for period in found if period is not None)
    if len(whole) != HOURS:
        raise RulebookBroken(f"{COMMERCIAL}.hours: {found.index(None)}:00 has no period on {on}")
    return whole


def period_price(book: Rulebook, period: Period, *, on: date) -> PeriodPrice:
    energy = book.rule(f"{COMMERCIAL}.energy.price", on=on)
    ratio = book.rule(f"{COMMERCIAL}.ratio.{period}", on=on)
    return PeriodPrice(energy.number * ratio.number, (energy.id, ratio.id))


def check(book: Rulebook) -> None:
    """What rows say together, on each day from which another one holds: tiers ascend, every hour has one period.
    Raises RulebookBroken; a day on which a row is missing has no price, which is no fault."""
    for category in (Category.RESIDENTIAL, Category.COMMERCIAL):
        for day in book.starts(ITEMS[category], after=date.min, until=date.max):
            if any(book.find(item, on=day) is None for item in ITEMS[category]):
                continue
            if category is Category.COMMERCIAL:
                periods(book, on=day)
                continue
            season_on(day, book)
            for season in Season:
                tiers(book, season, on=day)


def months(text: str, where: str) -> frozenset[int]:
    """`1,7,12`. Raises RulebookBroken."""
    found = [each.strip() for each in text.split(",") if each.strip()]
    if not all(each.isdecimal() and 1 <= int(each) <= 12 for each in found):
        raise RulebookBroken(f"{where}: months are written like 1,7,12")
    return frozenset(int(each) for each in found)


def hours(text: str, where: str) -> tuple[int, ...]:
    """`0-7,23-24` are the hours 0 to 6 and 23. Raises RulebookBroken."""
    found: list[int] = []
    for span in filter(None, (each.strip() for each in text.split(","))):
        start, _, end = span.partition("-")
        if not (start.isdecimal() and end.isdecimal() and 0 <= int(start) < int(end) <= HOURS):
            raise RulebookBroken(f"{where}: hours are written like 0-7,23-24")
        found.extend(range(int(start), int(end)))
    return tuple(found)


def first_day(month: str) -> date:
    return date(int(month[:4]), int(month[5:]), 1)


def confidence(book: Rulebook, category: Category = Category.RESIDENTIAL, *, on: date) -> Confidence:
    """Verified only when every row that the prices rest on is."""
    rules = [book.find(item, on=on) for item in ITEMS[category]]
    sure = all(rule is not None and rule.confidence is Confidence.VERIFIED for rule in rules)
    return Confidence.VERIFIED if sure else Confidence.EXAMPLE

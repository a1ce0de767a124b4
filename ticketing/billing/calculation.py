"""A month's usage turned into the lines of its bill, exact to the fen. Pure.

The month is cut where a row of the rule book begins or ends; within each span all prices are constant. Residents' tiers
fill in the order of the days: a kWh belongs to the tier that its place in the month has under the limits of its own
day. Each price row gets a line of its own, which is rounded once.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from ticketing.billing.items import Charge, Item, Kind, itemise
from ticketing.billing.tariff import (
    AGRICULTURAL,
    FUNDS,
    ITEMS,
    PERIOD_LABELS,
    TIER_LABELS,
    Category,
    Period,
    period_price,
    periods,
    season_on,
    tiers,
)
from ticketing.billing.usage import MonthUse, UsageRefused
from ticketing.rulebook.rules import Rulebook

FUNDS_LABEL = "政府性基金及附加"
ENERGY_LABEL = "电度电费"


def calculate(use: MonthUse, category: Category, book: Rulebook) -> tuple[Item, ...]:
    """Raises NotInForce where a day of the month has no price, UsageRefused where the hours are needed and missing."""
    return itemise(CALCULATIONS[category](use, book))


def spans(book: Rulebook, items: tuple[str, ...], first: date, last: date) -> Iterator[tuple[date, date]]:
    """First and last days of the stretches in which no row of `items` changes."""
    starts = [first, *book.starts(items, after=first, until=last)]
    ends = [*(start - timedelta(days=1) for start in starts[1:]), last]
    yield from zip(starts, ends, strict=True)


def residential(use: MonthUse, book: Rulebook) -> Iterator[Charge]:
    used = 0
    for first, last in spans(book, ITEMS[Category.RESIDENTIAL], use.first, use.last):
        before, used = used, used + sum(use.days[use.within(first, last)])
        lower = 0
        for tier in tiers(book, season_on(first, book), on=first):
            upper = used if tier.up_to_kwh is None else min(used, tier.up_to_kwh)
            share = max(0, upper - max(before, lower))
            yield Charge(tier.tier, TIER_LABELS[tier.tier - 1], share, tier.price, tier.rules[:1])
            lower = max(lower, upper)


def commercial(use: MonthUse, book: Rulebook) -> Iterator[Charge]:
    """Time of use. The funds are a price on every kWh, which does not float with the hour."""
    if not use.hours:
        raise UsageRefused("time of use needs the energy of each hour")
    for first, last in spans(book, ITEMS[Category.COMMERCIAL], use.first, use.last):
        by_hour = [sum(hour) for hour in zip(*use.hours[use.within(first, last)], strict=True)]
        by_period = dict.fromkeys(Period, 0)
        for kwh, period in zip(by_hour, periods(book, on=first), strict=True):
            by_period[period] += kwh
        for rank, period in enumerate(Period):
            found = period_price(book, period, on=first)
            yield Charge(rank, PERIOD_LABELS[period], by_period[period], found.price, found.rules)
        funds = book.rule(FUNDS, on=first)
        yield Charge(len(Period), FUNDS_LABEL, sum(by_hour), funds.number, (funds.id,), Kind.SURCHARGE)


def agricultural(use: MonthUse, book: Rulebook) -> Iterator[Charge]:
    for first, last in spans(book, ITEMS[Category.AGRICULTURAL], use.first, use.last):
        rule = book.rule(AGRICULTURAL, on=first)
        yield Charge(0, ENERGY_LABEL, sum(use.days[use.within(first, last)]), rule.number, (rule.id,))


CALCULATIONS: dict[Category, Callable[[MonthUse, Rulebook], Iterator[Charge]]] = {
    Category.RESIDENTIAL: residential,
    Category.COMMERCIAL: commercial,
    Category.AGRICULTURAL: agricultural,
}

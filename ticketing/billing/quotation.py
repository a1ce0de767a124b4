"""The prices in force as they may be told: every one with the rows it rests on; examples in the demo only. Pure."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from ticketing.billing.schemas import PeriodView, TariffView, TierView
from ticketing.billing.tariff import (
    AGRICULTURAL,
    FUNDS,
    ITEMS,
    PERIOD_LABELS,
    Category,
    Period,
    Season,
    confidence,
    period_price,
    periods,
    tiers,
)
from ticketing.errors import NotFound
from ticketing.rulebook.promises import Promises
from ticketing.rulebook.rules import NotInForce, Rulebook


class TariffNotQuotable(NotFound):
    """The rule book has no prices in force for that class, or only examples and this is not the demo."""


def quote(promises: Promises, category: Category, *, on: date) -> TariffView:
    """Raises TariffNotQuotable."""
    book = promises.rulebook
    try:
        rules = [book.rule(item, on=on) for item in ITEMS[category]]
    except NotInForce as error:
        raise TariffNotQuotable(f"the rule book has no {category} prices in force") from error
    if not promises.may_quote(*rules):
        raise TariffNotQuotable("no verified prices in the rule book")
    found = TariffView(
        category=category, tiers=[], periods=[], price=None, rule="", confidence=confidence(book, category, on=on)
    )
    match category:
        case Category.RESIDENTIAL:
            steps = [tier for season in Season for tier in tiers(book, season, on=on)]
            return found.model_copy(update={"tiers": [TierView.of(step) for step in steps], "rule": steps[0].rules[0]})
        case Category.COMMERCIAL:
            views = list(_periods(book, on=on))
            return found.model_copy(update={"periods": views, "rule": views[0].rules[0]})
        case Category.AGRICULTURAL:
            price = book.rule(AGRICULTURAL, on=on)
            return found.model_copy(update={"price": str(price.number), "rule": price.id})


def _periods(book: Rulebook, *, on: date) -> Iterable[PeriodView]:
    of_hours, funds = periods(book, on=on), book.rule(FUNDS, on=on)
    for period in Period:
        if period in of_hours:
            price = period_price(book, period, on=on)
            yield PeriodView(
                period=period,
                label=PERIOD_LABELS[period],
                hours=_spans(of_hours, period),
                price=str(price.price + funds.number),
                rules=[*price.rules, book.rule(f"tariff.commercial.hours.{period}", on=on).id, funds.id],
            )


def _spans(of_hours: tuple[Period, ...], period: Period) -> list[tuple[int, int]]:
    """Runs of hours in a row, as start and end."""
    found: list[tuple[int, int]] = []
    for each, run in groupby(range(len(of_hours)), key=lambda hour: of_hours[hour]):
        hours = list(run)
        if each is period:
            found.append((hours[0], hours[-1] + 1))
    return found

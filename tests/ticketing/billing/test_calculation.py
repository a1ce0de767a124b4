"""The golden bills of the rule book, worked by hand, and random ones against the walk over every kWh."""

from datetime import date
from random import Random

import pytest

from tests.bench.bills_of import golden, ours
from tests.bench.bills_of.random_bills import random_bill
from tests.bench.bills_of.walker import RawBook, walk
from ticketing.billing.calculation import calculate
from ticketing.billing.items import Kind
from ticketing.billing.tariff import Category
from ticketing.billing.usage import MonthUse, UsageRefused
from ticketing.rulebook.rules import NotInForce, load

GOLDEN = list(golden.bills())
BOOK = load()


def test_thirty_bills_were_worked_by_hand() -> None:
    assert len({each.name for each in GOLDEN}) == 30


@pytest.mark.parametrize("each", GOLDEN, ids=lambda each: each.name)
def test_a_bill_comes_out_as_it_was_worked_by_hand(each: golden.Golden) -> None:
    made = ours.made(each.bill, ours.book(each.folder))
    assert (made.lines, made.energy_fen, made.late_fee_fen) == (each.lines, each.energy_fen, each.late_fee_fen)


def test_random_bills_are_those_of_the_walk_over_every_kwh() -> None:
    raw = RawBook(golden.RULEBOOK)
    for number in range(300):
        bill = random_bill(Random(number))
        assert ours.made(bill, BOOK) == walk(bill, raw), number


def test_a_bill_without_energy_still_shows_its_price() -> None:
    (line,) = calculate(MonthUse(date(2026, 10, 1), (0,) * 31), Category.RESIDENTIAL, BOOK)
    assert (line.label, line.kwh, str(line.price), line.amount_fen) == ("第一档", 0, "0.5283", 0)


def test_the_funds_are_a_price_on_energy_that_is_counted_already() -> None:
    use = MonthUse(date(2026, 10, 1), (24,) * 31, ((1,) * 24,) * 31)
    items = calculate(use, Category.COMMERCIAL, BOOK)
    assert [(item.label, item.kind) for item in items][-1] == ("政府性基金及附加", Kind.SURCHARGE)
    assert sum(item.kwh or 0 for item in items if item.kind is Kind.ENERGY) == use.kwh


def test_time_of_use_without_hours_is_refused() -> None:
    with pytest.raises(UsageRefused, match="each hour"):
        calculate(MonthUse(date(2026, 10, 1), (24,)), Category.COMMERCIAL, BOOK)


def test_a_month_without_prices_is_refused() -> None:
    with pytest.raises(NotInForce, match="2010-01-01"):
        calculate(MonthUse(date(2010, 1, 1), (24,)), Category.RESIDENTIAL, BOOK)

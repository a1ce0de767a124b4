"""Tiers, exact to the fen, held against hand-made sums and an independent calculation."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.billing.tariff import Season, charge, late_fee, season_of, tiers
from ticketing.rulebook.rules import load

BOOK = load()
DAY = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("kwh", "season", "shares"),
    [
        (0, Season.OTHER, [(0, 0)]),
        (150, Season.OTHER, [(150, 7925)]),  # 79.245 yuan
        (151, Season.OTHER, [(150, 7925), (1, 58)]),
        (250, Season.OTHER, [(150, 7925), (100, 5783)]),
        (300, Season.OTHER, [(150, 7925), (100, 5783), (50, 4142)]),  # 41.415: half a fen goes up
        (190, Season.PEAK, [(190, 10038)]),
        (291, Season.PEAK, [(190, 10038), (100, 5783), (1, 83)]),
    ],
)
def test_each_tier_is_charged_for_its_share(kwh: int, season: Season, shares: list[tuple[int, int]]) -> None:
    items = charge(kwh, tiers(BOOK, season, on=DAY))
    assert [(item.kwh, item.amount_fen) for item in items] == shares


@given(st.integers(0, 5000), st.sampled_from(Season))
def test_the_shares_are_the_whole_and_agree_with_counting_each_kwh(kwh: int, season: Season) -> None:
    steps = tiers(BOOK, season, on=DAY)
    items = charge(kwh, steps)
    assert sum(item.kwh for item in items) == kwh
    by_price: dict[Decimal, int] = {}
    for each in range(1, kwh + 1):
        price = next(step.price for step in steps if step.up_to_kwh is None or each <= step.up_to_kwh)
        by_price[price] = by_price.get(price, 0) + 1
    expected = sum(int((price * count * 100).quantize(Decimal(1), ROUND_HALF_UP)) for price, count in by_price.items())
    assert sum(item.amount_fen for item in items) == expected


@pytest.mark.parametrize(("month", "season"), [("2026-10", "other"), ("2026-07", "peak"), ("2026-12", "peak")])
def test_seasons(month: str, season: str) -> None:
    assert season_of(month, BOOK) == season


@pytest.mark.parametrize(
    ("amount_fen", "days", "fee"), [(10000, 0, 0), (10000, 1, 100), (10000, 9, 100), (10000, 30, 300), (0, 30, 0)]
)
def test_a_late_fee_is_a_thousandth_a_day_and_at_least_one_yuan(amount_fen: int, days: int, fee: int) -> None:
    assert late_fee(amount_fen, days=days, a_day=Decimal("0.001"), minimum_yuan=Decimal(1)) == fee

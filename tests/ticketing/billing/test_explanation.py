"""The causes of a difference add up to it, to the fen, for any two bills."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ticketing.billing.calculation import calculate
from ticketing.billing.explanation import Cause, explain
from ticketing.billing.gateway import Bill
from ticketing.billing.items import Item, Kind, fen
from ticketing.billing.tariff import Category
from ticketing.billing.usage import MonthUse
from ticketing.rulebook.rules import load

BOOK = load()
OTHER, PEAK = date(2026, 10, 1), date(2026, 7, 1)


def made(items: tuple[Item, ...], kwh: int, *, days: int = 30, late: int = 0) -> Bill:
    amount = sum(item.amount_fen for item in items) + late
    return Bill("2026-10", kwh, days, amount, late, False, date(2026, 11, 25), items)


def bill(kwh: int, *, days: int = 30, first: date = OTHER, late: int = 0, price: str | None = None) -> Bill:
    items = calculate(MonthUse(first, (kwh,)), Category.RESIDENTIAL, BOOK)
    if price is not None:
        items = (Item("第一档", kwh, Decimal(price), fen(kwh, Decimal(price))),)
    return made(items, kwh, days=days, late=late)


def shop(hours: tuple[int, ...], *, first: date = OTHER, days: int = 30) -> Bill:
    items = calculate(MonthUse(first, (sum(hours),), (hours,)), Category.COMMERCIAL, BOOK)
    return made(items, sum(hours), days=days)


bills = st.builds(
    bill,
    st.integers(0, 3000),
    days=st.integers(1, 62),
    first=st.sampled_from([OTHER, PEAK]),
    late=st.integers(0, 5000),
    price=st.sampled_from([None, "0.5283", "0.6001", "0.33337"]),
)


shops = st.builds(
    shop,
    st.tuples(*[st.integers(0, 300)] * 24),
    first=st.sampled_from([OTHER, PEAK]),
    days=st.integers(1, 31),
)
lines = st.lists(
    st.builds(
        Item,
        st.sampled_from(["基本电费", "功率因数调整电费", "第一档", "代理购电"]),
        st.none() | st.integers(0, 5000),
        st.none() | st.decimals(0, 2, places=6),
        st.integers(-100_000, 1_000_000),
        st.sampled_from(Kind),
    ),
    max_size=6,
)
elsewhere = st.builds(
    lambda items, kwh, rest: replace(made(tuple(items), kwh), amount_fen=sum(each.amount_fen for each in items) + rest),
    lines,
    st.integers(0, 5000),
    st.integers(-100, 100),
)
anything = bills | shops | elsewhere


@given(anything, anything)
def test_the_causes_add_up_exactly(one: Bill, other: Bill) -> None:
    assert sum(share.fen for share in explain(one, other)) == one.amount_fen - other.amount_fen


def causes(one: Bill, other: Bill) -> dict[Cause, int]:
    return {share.cause: share.fen for share in explain(one, other)}


def test_more_energy_in_the_same_tier_is_usage_alone() -> None:
    assert causes(bill(140), bill(100)) == {Cause.USAGE: 2113}


def test_a_higher_tier_is_named_beside_the_usage() -> None:
    assert causes(bill(160), bill(140)) == {Cause.USAGE: 1057, Cause.TIER: 50}


def test_more_days_at_the_same_pace_are_days_alone() -> None:
    assert causes(bill(124, days=31), bill(120, days=30)) == {Cause.DAYS: 211}


def test_a_new_price_is_price_alone() -> None:
    assert causes(bill(100, price="0.6"), bill(100, price="0.5")) == {Cause.PRICE: 1000}


def test_a_late_fee_is_arrears_alone() -> None:
    assert causes(bill(100, late=300), bill(100)) == {Cause.ARREARS: 300}


def test_equal_bills_have_no_causes() -> None:
    assert explain(bill(100), bill(100)) == ()


def test_the_figures_behind_a_cause_are_told() -> None:
    (usage,) = explain(bill(140), bill(100))
    assert (usage.label, usage.before, usage.after, usage.unit) == ("用电量变化", "100", "140", "kwh")
    tier = next(share for share in explain(bill(160), bill(140)) if share.cause is Cause.TIER)
    assert (tier.before, tier.after, tier.unit) == ("0", "10", "kwh")
    price = next(share for share in explain(bill(100, price="0.6"), bill(100, price="0.5")))
    assert (price.before, price.after, price.unit) == ("0.5000", "0.6000", "yuan_per_kwh")


def test_the_season_moves_the_tiers_and_nothing_else() -> None:
    assert causes(bill(190, first=PEAK), bill(190)) == {Cause.TIER: -200}  # 40 kWh, 0.05 yuan each


def test_the_same_energy_by_day_instead_of_by_night_is_the_period_alone() -> None:
    night, day = (2,) * 7 + (0,) * 17, (0,) * 17 + (2,) * 6 + (2,)
    assert [share.cause for share in explain(shop(day), shop(night))] == [Cause.PERIOD]
    assert explain(shop(day), shop(night))[0].label == "用电时段变化"


def test_lines_that_the_rule_book_does_not_know_are_compared_by_their_names() -> None:
    demand = Item("基本电费", None, None, 120_000, Kind.OTHER), Item("功率因数调整电费", None, None, -3_000, Kind.OTHER)
    before = Item("基本电费", None, None, 100_000, Kind.OTHER), Item("功率因数调整电费", None, None, 1_500, Kind.OTHER)
    shares = explain(made(demand, 5000), made(before, 5000))
    assert [(share.cause, share.label, share.fen) for share in shares] == [
        (Cause.OTHER, "基本电费", 20_000),
        (Cause.OTHER, "功率因数调整电费", -4_500),
    ]
    assert (shares[1].before, shares[1].after) == ("15.00", "-30.00")


def test_a_price_that_changed_within_the_month_is_the_price() -> None:
    halves = Item("第一档", 50, Decimal("0.5"), 2500), Item("第一档", 50, Decimal("0.6"), 3000)
    assert causes(made(halves, 100), bill(100, price="0.5")) == {Cause.PRICE: 500}

"""The causes of a difference add up to it, to the fen, for any two bills."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ticketing.billing.explanation import Cause, explain
from ticketing.billing.gateway import Bill, Item
from ticketing.billing.tariff import Season, charge, fen, tiers
from ticketing.rulebook.rules import load

BOOK = load()


def bill(kwh: int, *, days: int = 30, season: Season = Season.OTHER, late: int = 0, price: str | None = None) -> Bill:
    items = charge(kwh, tiers(BOOK, season, on=date(2026, 10, 1)))
    if price is not None:
        items = (Item("第一档", kwh, Decimal(price), fen(kwh, Decimal(price))),)
    amount = sum(item.amount_fen for item in items) + late
    return Bill("2026-10", kwh, days, amount, late, False, date(2026, 11, 25), items)


bills = st.builds(
    bill,
    st.integers(0, 3000),
    days=st.integers(1, 62),
    season=st.sampled_from(Season),
    late=st.integers(0, 5000),
    price=st.sampled_from([None, "0.5283", "0.6001", "0.33337"]),
)


@given(bills, bills)
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

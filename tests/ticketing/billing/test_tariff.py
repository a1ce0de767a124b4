"""What the rule book says about prices on a day, and what is refused of it."""

from datetime import date
from pathlib import Path

import pytest

from ticketing.billing.tariff import (
    Category,
    Period,
    Season,
    check,
    confidence,
    hours,
    months,
    period_price,
    periods,
    season_of,
    tiers,
)
from ticketing.rulebook.rules import Confidence, NotInForce, Rulebook, RulebookBroken, load

BOOK = load()
DAY = date(2026, 10, 1)
SHIPPED = Path("data/rulebook/tariffs.yml")


def changed(folder: Path, right: str, wrong: str) -> Rulebook:
    """The shipped tariffs with one change."""
    text = SHIPPED.read_text("utf-8")
    assert text.count(right) == 1
    (folder / "tariffs.yml").write_text(text.replace(right, wrong), encoding="utf-8")
    return load(folder)


@pytest.mark.parametrize(("month", "season"), [("2026-10", "other"), ("2026-07", "peak"), ("2026-12", "peak")])
def test_seasons(month: str, season: str) -> None:
    assert season_of(month, BOOK) == season


def test_each_tier_knows_the_rows_it_rests_on() -> None:
    first, second, third = tiers(BOOK, Season.OTHER, on=DAY)
    assert (first.up_to_kwh, second.up_to_kwh, third.up_to_kwh) == (150, 250, None)
    assert second.rules == ("residential-tier2-price", "residential-tier2-limit-other")
    assert third.rules == ("residential-tier3-price",)


def test_tiers_that_do_not_ascend_are_refused_with_the_line(tmp_path: Path) -> None:
    book = changed(tmp_path, "tier2.limit.other, value: 250", "tier2.limit.other, value: 140")
    with pytest.raises(
        RulebookBroken, match=r"tariffs.yml:\d+ \('residential-tier2-limit-other'\): the second tier ends"
    ):
        tiers(book, Season.OTHER, on=DAY)


def test_the_day_has_eight_hours_of_each_and_super_hours_in_their_months_only() -> None:
    october, july = periods(BOOK, on=DAY), periods(BOOK, on=date(2026, 7, 1))
    assert [october.count(period) for period in Period] == [0, 8, 8, 8]
    assert [july.count(period) for period in Period] == [3, 5, 8, 8]
    assert (october[17], october[22], october[23]) == (Period.PEAK, Period.PEAK, Period.VALLEY)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('"0-7,23-24"', '"0-7"', "23:00 has no period"),
        ('"0-7,23-24"', '"0-8,23-24"', r"tariffs.yml:\d+ \('commercial-hours-valley'\): 7:00 is flat already"),
        ('"0-7,23-24"', '"23-7"', "hours are written like"),
        ('"1,7,8,9,12"', '"1,13"', "months are written like"),
    ],
)
def test_a_day_that_is_not_covered_once_is_refused(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    with pytest.raises(RulebookBroken, match=said):
        periods(changed(tmp_path, right, wrong), on=DAY)


def test_what_rows_say_together_is_checked_at_the_start(tmp_path: Path) -> None:
    check(BOOK)
    book = changed(tmp_path, '"7-11,13-17"', '"7-11"')
    with pytest.raises(RulebookBroken, match="13:00 has no period on 2023-01-01"):
        check(book)
    book = changed(tmp_path, "tier1.limit.peak, value: 190", "tier1.limit.peak, value: 300")
    with pytest.raises(RulebookBroken, match="the second tier ends before the first"):
        check(book)


def test_lists_of_hours_and_months() -> None:
    assert hours("0-2,23-24", "here") == (0, 1, 23)
    assert months("1, 12", "here") == {1, 12}


def test_a_period_price_is_the_energy_price_times_its_ratio_and_names_both_rows() -> None:
    price = period_price(BOOK, Period.SUPER, on=DAY)
    assert (str(price.price.normalize()), price.rules) == (
        "1.13202",
        ("commercial-energy-price", "commercial-ratio-super"),
    )


def test_before_the_first_row_no_price_is_in_force() -> None:
    with pytest.raises(NotInForce, match="is in force on 2022-12-31"):
        period_price(BOOK, Period.FLAT, on=date(2022, 12, 31))


@pytest.mark.parametrize("category", Category)
def test_the_shipped_prices_are_examples(category: Category) -> None:
    assert confidence(BOOK, category, on=DAY) is Confidence.EXAMPLE

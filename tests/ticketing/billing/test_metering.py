"""Registers become daily energy; what cannot have happened is refused by name."""

from datetime import date, timedelta

import pytest

from ticketing.billing.metering import MeterRun, ReadingsRefused, measure
from ticketing.billing.usage import MonthUse, UsageRefused


def day(number: int, month: int = 10) -> date:
    return date(2026, month, number)


def run(
    *readings: tuple[int, int], first: int = 1, opening: int = 100, multiplier: int = 1, digits: int = 6
) -> MeterRun:
    return MeterRun("M1", day(first), opening, tuple((day(n), shown) for n, shown in readings), multiplier, digits)


def test_each_day_is_the_difference_of_its_readings() -> None:
    assert measure([run((1, 104), (2, 104), (3, 111))]).days == (4, 0, 7)


def test_days_without_a_reading_share_and_the_earliest_get_what_is_left_over() -> None:
    assert measure([run((1, 102), (4, 113))]).days == (2, 4, 4, 3)


def test_a_dial_runs_over() -> None:
    assert measure([run((1, 99999), (2, 3), opening=99998, digits=5)]).days == (1, 4)


def test_current_transformers_multiply() -> None:
    assert measure([run((1, 102), multiplier=40)]).days == (80,)


def test_a_replaced_meter_counts_on_the_day_of_its_replacement_too() -> None:
    new = MeterRun("M2", day(2), 0, ((day(2), 5), (day(3), 6)))
    assert measure([run((1, 101), (2, 103)), new]).days == (1, 7, 1)


def test_a_new_meter_may_begin_on_the_day_after() -> None:
    assert measure([run((1, 101)), MeterRun("M2", day(2), 0, ((day(2), 5),))]).days == (1, 5)


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        ([], "without a meter"),
        ([MeterRun("M1", day(1), 0, ())], "M1 has no closing reading"),
        (
            [run((1, 101)), MeterRun("M2", day(3), 0, ((day(4), 1),))],
            "M2 begins on 2026-10-03, but M1 ended on 2026-10-01",
        ),
        ([run((2, 101)), MeterRun("M2", day(1), 0, ((day(4), 1),))], "M2 begins on 2026-10-01"),
        ([run((1, 90))], "went back from 100 to 90 on 2026-10-01"),
        ([run((1, 1_000_000))], "has 6 digits"),
        ([run((3, 101), (2, 102))], "out of order"),
        ([MeterRun("M1", day(1), 0, ((day(1, month=11), 1),))], "more than a month"),
    ],
)
def test_what_cannot_have_happened_is_refused(runs: list[MeterRun], said: str) -> None:
    with pytest.raises(ReadingsRefused, match=said):
        measure(runs)


@pytest.mark.parametrize(
    ("first", "days", "hours", "said"),
    [
        (day(1), (), (), "0 days"),
        (day(2), (1,) * 31, (), "not within one month"),
        (date(2026, 2, 1), (1,) * 29, (), "not within one month"),
        (day(1), (-1,), (), "never negative"),
        (day(1), (3,), ((1,) * 24,), "do not add up"),
        (day(1), (2,), ((1, 1),), "24 hours"),
    ],
)
def test_figures_that_are_no_months_usage_are_refused(
    first: date, days: tuple[int, ...], hours: tuple[tuple[int, ...], ...], said: str
) -> None:
    with pytest.raises(UsageRefused, match=said):
        MonthUse(first, days, hours)


def test_a_leap_february_has_29_days() -> None:
    use = MonthUse(date(2028, 2, 1), (1,) * 29)
    assert use.last == date(2028, 2, 29) and use.last + timedelta(days=1) == date(2028, 3, 1)

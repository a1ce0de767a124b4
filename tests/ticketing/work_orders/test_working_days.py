"""The published days of 2026, the working weekends, and what is only an example."""

from datetime import date, timedelta

import pytest

from ticketing.rulebook import rules
from ticketing.work_orders.working_days import Calendar

PUBLISHED_2026 = {
    "off": "01-01..01-03 02-15..02-23 04-04..04-06 05-01..05-05 06-19..06-21 09-25..09-27 10-01..10-07",
    "worked": "01-04 02-14 02-28 05-09 09-20 10-10",
}
"""国办发明电〔2025〕7号, copied from the notice by hand, not from the rule book."""


@pytest.fixture(scope="module")
def production() -> Calendar:
    return Calendar(rules.load(), examples=False)


@pytest.fixture(scope="module")
def demo() -> Calendar:
    return Calendar(rules.load(), examples=True)


def days(spans: str) -> set[date]:
    found = set()
    for span in spans.split():
        first, _, last = span.partition("..")
        day, end = date.fromisoformat(f"2026-{first}"), date.fromisoformat(f"2026-{last or first}")
        while day <= end:
            found.add(day)
            day += timedelta(days=1)
    return found


def test_2026_is_as_published_day_by_day(production: Calendar) -> None:
    off, worked = days(PUBLISHED_2026["off"]), days(PUBLISHED_2026["worked"])
    assert (len(off), len(worked)) == (33, 6)
    for ahead in range(365):
        day = date(2026, 1, 1) + timedelta(days=ahead)
        expected = day in worked or (day.weekday() < 5 and day not in off)
        assert production.is_working(day) is expected, day


def test_the_first_of_october_is_off_by_law_the_bridge_days_after_it_are_an_example(
    production: Calendar, demo: Calendar
) -> None:
    assert not production.is_working(date(2027, 10, 1))
    assert production.is_working(date(2027, 10, 4))
    assert not demo.is_working(date(2027, 10, 4))
    assert demo.is_working(date(2027, 10, 9))


def test_guangxis_own_holiday_counts_where_examples_do(production: Calendar, demo: Calendar) -> None:
    monday = date(2026, 4, 20)
    assert production.is_working(monday)
    assert not demo.is_working(monday)


def test_a_year_that_nobody_knows_counts_monday_to_friday(demo: Calendar) -> None:
    assert [demo.is_working(date(2031, 1, 6) + timedelta(days=ahead)) for ahead in range(7)] == [True] * 5 + [False] * 2

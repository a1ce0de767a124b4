"""Deadlines equal those of a walker that counts hour by hour and knows nothing of stretches."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.rulebook import rules
from ticketing.work_orders.terms import SPANS, Term, Unit
from ticketing.work_orders.ticking import deadline, used
from ticketing.work_orders.working_days import Calendar

NANNING = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)
CALENDAR = Calendar(rules.load(), examples=True)
STARTS = st.integers(0, 2 * 365 * 24 - 1).map(lambda hours: datetime(2026, 1, 1, tzinfo=UTC) + hours * HOUR)
GAPS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4)


def lasting(amount: int, unit: str) -> Term:
    return Term("rule", "service.other", amount, Unit(unit), SPANS["service.other"], "verified")


def pauses(started: datetime, gaps: list[tuple[int, int]]) -> list[tuple[datetime, datetime]]:
    """Pauses after the start, one behind the other: (hours until it begins, hours it lasts)."""
    found, at = [], started
    for until, lasts in gaps:
        found.append((at + until * HOUR, at + (until + lasts) * HOUR))
        at += (until + lasts) * HOUR
    return found


def walked(started: datetime, term: Term, breaks: list[tuple[datetime, datetime]]) -> datetime:
    left, at = int(term.length / HOUR), started
    while left:
        local = at.astimezone(NANNING)
        counts = not any(begin <= at < end for begin, end in breaks)
        if term.unit is Unit.WORKING_DAYS:
            counts &= local.date() > started.astimezone(NANNING).date() and CALENDAR.is_working(local.date())
        left -= counts
        at += HOUR
    return at


@given(STARTS, st.integers(1, 6), st.sampled_from(["hours", "days", "working_days"]), GAPS)
def test_the_deadline_is_where_the_walker_arrives(
    started: datetime, amount: int, unit: str, gaps: list[tuple[int, int]]
) -> None:
    term, breaks = lasting(amount, unit), pauses(started, gaps)
    due = deadline(started, term, pauses=breaks, is_working=CALENDAR.is_working)
    assert due == walked(started, term, breaks)
    assert used(started, due, term, pauses=breaks, is_working=CALENDAR.is_working) == term.length


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NANNING)


@pytest.mark.parametrize(
    ("started", "days", "due"),
    [
        ("2026-11-23 09:00", 5, "2026-12-01 00:00"),  # Monday: the week's rest and the next Monday, to its end
        ("2026-02-13 23:59", 1, "2026-02-15 00:00"),  # the day before the Spring Festival's working Saturday
        ("2026-02-14 00:00", 1, "2026-02-25 00:00"),  # that Saturday does not count, then nine days off
        ("2026-09-30 18:00", 4, "2026-10-13 00:00"),  # over 国庆: 8, 9, the working Saturday 10, then Monday 12
        ("2026-12-31 10:00", 2, "2027-01-06 00:00"),  # over the turn of the year
    ],
)
def test_five_deadlines_worked_by_hand(started: str, days: int, due: str) -> None:
    found = deadline(at(started), lasting(days, "working_days"), pauses=[], is_working=CALENDAR.is_working)
    assert found == at(due)


def test_minutes_run_through_nights_and_holidays() -> None:
    due = deadline(at("2026-10-01 23:30"), lasting(45, "minutes"), pauses=[], is_working=CALENDAR.is_working)
    assert due == at("2026-10-02 00:15")


def test_a_calendar_without_working_days_is_not_walked_for_ever() -> None:
    def never(day: date) -> bool:
        return False

    with pytest.raises(OverflowError):
        deadline(at("2026-11-23 09:00"), lasting(1, "working_days"), pauses=[], is_working=never)

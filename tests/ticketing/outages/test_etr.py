"""The time that is told: from history, from the rule book, or none."""

from datetime import UTC, datetime, timedelta

from ticketing.outages.etr import estimate

START = datetime(2026, 11, 25, 4, 3, tzinfo=UTC)
RULES = {"arrival.urban": 45, "restoration.urban": 240, "arrival.remote": 120, "restoration.rural": 300}


class Book:
    def __init__(self, rules: dict[str, int]) -> None:
        self.rules = rules

    def minutes(self, item: str, *, at: datetime) -> int | None:
        return self.rules.get(item)


def told(
    *, zone: str | None = "urban", history: list[timedelta] | None = None, at: datetime = START
) -> datetime | None:
    return estimate(started=START, at=at, zone=zone, history=history or [], book=Book(RULES))


def test_without_history_the_rule_book_speaks_rounded_up() -> None:
    assert told() == datetime(2026, 11, 25, 8, 50, tzinfo=UTC)
    assert told(zone=None) == datetime(2026, 11, 25, 11, 10, tzinfo=UTC)


def test_history_speaks_first_with_a_time_that_four_of_five_kept() -> None:
    past = [timedelta(minutes=each) for each in (30, 40, 50, 60, 300)]
    assert told(history=past) == datetime(2026, 11, 25, 5, 10, tzinfo=UTC)
    assert told(history=past[:4]) == told()


def test_a_time_that_has_passed_is_never_told() -> None:
    later = START + timedelta(hours=6)
    assert (told(at=later) or START) > later


def test_where_no_rule_may_be_quoted_nothing_is_told() -> None:
    assert estimate(started=START, at=START, zone="urban", history=[], book=Book({})) is None

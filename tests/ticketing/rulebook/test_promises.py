"""Promises are quoted from the rule book: an example is marked in the demo and silent in production."""

from datetime import date

from ticketing.rulebook.promises import Promises
from ticketing.rulebook.rules import load

TODAY = date(2026, 11, 23)


def test_an_outage_in_town_is_promised_forty_five_minutes_and_marked_as_an_example() -> None:
    promise = Promises(load(), demo=True).of("outage", zone="urban", on=TODAY)
    assert promise is not None
    assert (promise.minutes, promise.text, promise.rule) == (45, "45分钟（示例）", "arrival-urban")


def test_a_place_that_nobody_knows_gets_the_most_cautious_promise() -> None:
    promise = Promises(load(), demo=True).of("hazard", zone=None, on=TODAY)
    assert promise is not None
    assert promise.rule == "arrival-remote"


def test_working_days_have_no_minutes() -> None:
    promise = Promises(load(), demo=True).of("meter", zone="urban", on=TODAY)
    assert promise is not None
    assert promise.minutes is None


def test_examples_are_never_quoted_in_production() -> None:
    assert Promises(load(), demo=False).of("outage", zone="urban", on=TODAY) is None


def test_kinds_without_a_promise_have_none() -> None:
    assert Promises(load(), demo=True).of("feedback", zone="urban", on=TODAY) is None

"""Before a crew drives to one dark home."""

from dataclasses import replace

import pytest

from ticketing.outages.home import Advice, Facts, advise

HOME = Facts(known_outage=False, others=0, cut_off=False, verified=True, neighbours=None, breaker=None)


def test_neighbours_are_asked_then_the_breaker_then_a_crew_goes() -> None:
    lit = replace(HOME, neighbours="lit")
    assert advise(HOME) is Advice.ASK_NEIGHBOURS
    assert advise(lit) is Advice.ASK_BREAKER
    assert advise(replace(lit, breaker="down")) is Advice.CLOSE_BREAKER
    assert advise(replace(lit, breaker="trips_again")) is Advice.OWN_ELECTRICIAN
    assert advise(replace(lit, breaker="up")) is Advice.CREW


def test_who_cannot_say_is_asked_two_things_at_most() -> None:
    assert advise(replace(HOME, neighbours="unknown")) is Advice.ASK_BREAKER
    assert advise(replace(HOME, neighbours="unknown", breaker="unknown", verified=False)) is Advice.CREW


def test_dark_neighbours_make_it_an_outage_when_others_rang_too() -> None:
    assert advise(replace(HOME, known_outage=True)) is Advice.OUTAGE
    assert advise(replace(HOME, neighbours="dark", others=1)) is Advice.OUTAGE
    assert advise(replace(HOME, neighbours="dark")) is Advice.CREW


def test_an_arrears_cut_is_only_for_the_holders_ears() -> None:
    cut = replace(HOME, cut_off=True)
    assert advise(cut) is Advice.PAY
    assert advise(replace(cut, neighbours="dark")) is Advice.CREW


@pytest.mark.parametrize("neighbours", [None, "lit", "dark", "unknown"])
@pytest.mark.parametrize("breaker", [None, "up", "down", "trips_again", "unknown"])
def test_who_has_proven_nothing_hears_the_same_whether_it_is_cut_off_or_not(
    neighbours: str | None, breaker: str | None
) -> None:
    stranger = replace(HOME, verified=False, neighbours=neighbours, breaker=breaker)
    assert advise(stranger) is advise(replace(stranger, cut_off=True)) is not Advice.PAY


def test_to_verify_is_offered_when_nothing_else_explains_it() -> None:
    assert advise(replace(HOME, verified=False, neighbours="lit", breaker="up")) is Advice.VERIFY


def test_nothing_is_asked_of_who_depends_on_power() -> None:
    assert advise(replace(HOME, urgent=True)) is Advice.CREW

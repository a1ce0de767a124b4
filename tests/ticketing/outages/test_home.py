"""Before a crew drives to one dark home."""

from dataclasses import replace

from ticketing.outages.home import Advice, Facts, advise

HOME = Facts(known_outage=False, others=0, cut_off=False, verified=False, neighbours_lit=None, breaker=None)


def test_neighbours_are_asked_then_the_breaker_then_a_crew_goes() -> None:
    lit = replace(HOME, neighbours_lit=True)
    assert advise(HOME) is Advice.ASK_NEIGHBOURS
    assert advise(lit) is Advice.ASK_BREAKER
    assert advise(replace(lit, breaker="down")) is Advice.CLOSE_BREAKER
    assert advise(replace(lit, breaker="trips_again")) is Advice.OWN_ELECTRICIAN
    assert advise(replace(lit, breaker="up")) is Advice.CREW


def test_dark_neighbours_make_it_an_outage_when_others_rang_too() -> None:
    assert advise(replace(HOME, known_outage=True)) is Advice.OUTAGE
    assert advise(replace(HOME, neighbours_lit=False, others=1)) is Advice.OUTAGE
    assert advise(replace(HOME, neighbours_lit=False)) is Advice.CREW


def test_an_arrears_cut_is_only_for_the_holders_ears() -> None:
    cut = replace(HOME, cut_off=True)
    assert advise(cut) is Advice.VERIFY
    assert advise(replace(cut, verified=True)) is Advice.PAY
    assert advise(replace(cut, neighbours_lit=False)) is Advice.CREW

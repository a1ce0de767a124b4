"""Who gets an order: skill and area decide who may; the queue and the way there decide who does."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.work_orders.kinds import Kind
from ticketing.work_orders.routing import Candidate, Position, choose, distance_km

SPOT = Position(106.62, 23.90)
NORTH_10_KM = Position(106.62, 23.99)


def crew(code: str, area: str = "右江区", skill: str = "repair", at: Position | None = None, **queue: int) -> Candidate:
    """`p2=3`: three open orders of priority 2."""
    return Candidate(code, code, area, skill, at, {int(name[1:]): count for name, count in queue.items()})


def chosen(
    *crews: Candidate, kind: Kind = Kind.OUTAGE, district: str | None = "右江区", without: str = ""
) -> str | None:
    choice = choose(kind, district=district, position=SPOT, crews=crews, without=without.split())
    return choice.crew.code if choice else None


def test_the_districts_crew_comes_first_and_equal_ones_go_by_code() -> None:
    assert chosen(crew("0", "*"), crew("b"), crew("a"), crew("m", skill="metering")) == "a"


def test_without_a_district_or_a_crew_there_it_goes_to_those_who_work_everywhere() -> None:
    assert chosen(crew("near"), crew("all", "*"), district=None) == "all"
    assert chosen(crew("near"), crew("all", "*"), district="田阳区") == "all"


def test_the_skill_decides_and_nobody_able_is_nobody() -> None:
    assert chosen(crew("r"), crew("m", skill="metering"), kind=Kind.METER) == "m"
    assert chosen(crew("r"), crew("all", "*"), kind=Kind.COMPLAINT) is None


def test_the_nearer_one_goes() -> None:
    assert chosen(crew("a", at=NORTH_10_KM), crew("b", at=SPOT)) == "b"


def test_a_longer_queue_outweighs_a_shorter_way() -> None:
    assert chosen(crew("near", at=SPOT, p2=1), crew("far", at=NORTH_10_KM)) == "far"


def test_less_urgent_work_waits_for_a_danger_to_life() -> None:
    busy, idle = crew("near", at=SPOT, p2=9), crew("far", at=NORTH_10_KM)
    assert chosen(busy, idle, kind=Kind.HAZARD) == "near"
    assert chosen(crew("near", at=SPOT, p1=1), idle, kind=Kind.HAZARD) == "far"


def test_those_who_work_everywhere_stand_in_for_a_crew_that_is_far_behind() -> None:
    assert chosen(crew("own", p2=1), crew("all", "*")) == "own"
    assert chosen(crew("own", p2=2), crew("all", "*")) == "all"


def test_who_gave_it_back_is_not_asked_again() -> None:
    assert chosen(crew("a"), crew("b"), without="a") == "b"
    assert chosen(crew("a"), without="a") is None


def test_the_reason_names_what_decided() -> None:
    choice = choose(Kind.OUTAGE, district="右江区", position=SPOT, crews=[crew("a", at=NORTH_10_KM, p2=1)])
    assert choice is not None
    assert choice.reason == "a: 1 ahead, 10.0 km"


def test_a_distance_known_from_the_map() -> None:
    baise, nanning = Position(106.618, 23.902), Position(108.320, 22.824)
    assert distance_km(baise, nanning) == pytest.approx(210.6, abs=1.5)


CREWS = st.lists(
    st.builds(
        crew,
        st.sampled_from("abcdef"),
        st.sampled_from(["右江区", "田阳区", "*"]),
        st.sampled_from(["repair", "metering"]),
        st.none() | st.builds(Position, st.floats(104, 112), st.floats(20, 27)),
        p2=st.integers(0, 9),
    ),
    max_size=6,
    unique_by=lambda each: each.code,
)


@given(CREWS, st.randoms())
def test_the_order_in_which_crews_are_listed_never_matters_and_the_choice_may_do_it(
    crews: list[Candidate], luck: Random
) -> None:
    shuffled = sorted(crews, key=lambda _: luck.random())
    first = chosen(*crews)
    assert first == chosen(*shuffled)
    may = {each.code for each in crews if each.skill == "repair" and each.area in {"右江区", "*"}}
    assert first in may if may else first is None

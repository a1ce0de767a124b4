"""The ways of a work order: the main road is open, brackets keep the place, an order can be followed to its end."""

from itertools import pairwise

import pytest

from ticketing.work_orders.kinds import PRIORITIES, SKILLS, Kind
from ticketing.work_orders.states import BRACKETS, LABELS, OPEN, ROAD, State, is_reopening, place, ways

MAIN = ["accepted", "dispatched", "acknowledged", "on_site", "restored", "reported_back", "followed_up", "archived"]


def test_the_main_road_is_open() -> None:
    for origin, to in pairwise(MAIN):
        assert State(to) in ways(State(origin), place=State(origin))


def test_brackets_keep_the_place_on_the_road() -> None:
    log = [State.ACCEPTED, State.DISPATCHED, State.ESCALATED, State.SUSPENDED]
    assert place(log) is State.DISPATCHED


def test_suspended_work_is_taken_up_first_where_it_was() -> None:
    possible = ways(State.SUSPENDED, place=State.ON_SITE)
    assert State.ON_SITE in possible
    assert not {State.RESTORED, State.ACKNOWLEDGED, State.ACCEPTED} & possible


def test_escalated_work_goes_on_and_may_be_escalated_again() -> None:
    possible = ways(State.ESCALATED, place=State.DISPATCHED)
    assert {State.ACKNOWLEDGED, State.DISPATCHED, State.ESCALATED, State.SUSPENDED} <= possible
    assert State.ON_SITE not in possible


@pytest.mark.parametrize("state", [State.RESTORED, State.REPORTED_BACK, State.FOLLOWED_UP, State.MERGED])
def test_what_did_not_help_is_opened_again(state: State) -> None:
    assert State.DISPATCHED in ways(state, place=state)
    assert is_reopening(state, State.DISPATCHED)


def test_an_open_order_can_always_be_cancelled() -> None:
    assert all(State.CANCELLED in ways(state, place=State.ACCEPTED) for state in OPEN)


def test_every_state_and_kind_is_described() -> None:
    assert set(LABELS) == set(State) == set(ROAD) | BRACKETS
    assert set(PRIORITIES) == set(SKILLS) == set(Kind)

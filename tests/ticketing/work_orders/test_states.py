"""The ways of a work order: the main road is open, everything else is refused by name."""

from itertools import pairwise

import pytest

from ticketing.work_orders.errors import NotOnSite, ReasonMissing, TransitionRefused
from ticketing.work_orders.kinds import PRIORITIES, SKILLS, Kind
from ticketing.work_orders.states import LABELS, OPEN, WAYS, State, check

ROAD = ["accepted", "dispatched", "acknowledged", "on_site", "restored", "reported_back", "followed_up", "archived"]


def test_the_main_road_is_open() -> None:
    for origin, to in pairwise(ROAD):
        check(State(origin), State(to), kind=Kind.OUTAGE, reason="")


@pytest.mark.parametrize("origin", State)
@pytest.mark.parametrize("to", State)
def test_what_is_not_in_the_table_is_refused_and_names_the_ways_there_are(origin: State, to: State) -> None:
    if to in WAYS[origin]:
        return
    with pytest.raises(TransitionRefused) as refused:
        check(origin, to, kind=Kind.OUTAGE, reason="because")
    assert refused.value.extra["ways"] == sorted(WAYS[origin])


@pytest.mark.parametrize("to", [State.SUSPENDED, State.ESCALATED, State.CANCELLED, State.MERGED, State.RETURNED])
def test_leaving_the_road_needs_a_reason(to: State) -> None:
    with pytest.raises(ReasonMissing):
        check(State.DISPATCHED, to, kind=Kind.OUTAGE, reason="  ")
    check(State.DISPATCHED, to, kind=Kind.OUTAGE, reason="因故")


def test_a_repair_is_finished_on_site_only_a_complaint_at_the_desk() -> None:
    with pytest.raises(NotOnSite):
        check(State.ACKNOWLEDGED, State.RESTORED, kind=Kind.OUTAGE, reason="")
    check(State.ACKNOWLEDGED, State.RESTORED, kind=Kind.COMPLAINT, reason="")


def test_only_outages_are_merged() -> None:
    with pytest.raises(TransitionRefused):
        check(State.DISPATCHED, State.MERGED, kind=Kind.COMPLAINT, reason="same")


def test_every_state_and_kind_is_described() -> None:
    assert set(LABELS) == set(WAYS) == set(State)
    assert set(PRIORITIES) == set(SKILLS) == set(Kind)


def test_an_open_order_can_always_be_cancelled() -> None:
    assert all(State.CANCELLED in WAYS[state] for state in OPEN)

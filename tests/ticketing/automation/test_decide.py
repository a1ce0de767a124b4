"""What an order needs next, state by state."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ticketing.automation.decide import IDLE, Facts, Limits, Next, decide
from ticketing.work_orders.states import State

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
LIMITS = Limits(timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=24))
FRESH = Facts(
    state=State.DISPATCHED,
    place=State.DISPATCHED,
    since=NOW,
    sent=1,
    escalations=0,
    has_account=True,
    may_merge=True,
    needs_visit=True,
    steps={},
    resting={},
)
PREPARED = ("check_account", "known_outage", "send_crew:1", "tell_customer", "register")


def done(order: Facts, *steps: str) -> Facts:
    return replace(order, steps=dict.fromkeys(steps, "done"))


def after(order: Facts, at: datetime = NOW) -> Next:
    return decide(order, limits=LIMITS, at=at)


def at_place(state: State, *steps: str) -> Facts:
    return done(replace(FRESH, state=state, place=state), *PREPARED, *steps)


def test_a_new_order_goes_through_its_steps_in_order() -> None:
    order, taken = FRESH, []
    while (step := after(order).step) is not None:
        taken.append(step)
        order = done(order, *taken)
    assert tuple(taken) == PREPARED
    assert after(order) == Next(until=NOW + LIMITS.acceptance)


def test_an_order_that_nobody_has_gets_a_crew_chosen_each_time_anew() -> None:
    order = replace(FRESH, state=State.RETURNED, place=State.RETURNED)
    assert after(done(order, *PREPARED)) == Next("choose_crew:2")


@pytest.mark.parametrize(
    ("state", "steps", "late", "expected"),
    [
        (State.DISPATCHED, (), LIMITS.acceptance, Next("not_accepted:1")),
        (State.DISPATCHED, ("not_accepted:1",), LIMITS.acceptance, None),
        (State.ACKNOWLEDGED, (), timedelta(), None),
        (State.ON_SITE, (), timedelta(), Next("tell_arrival")),
        (State.RESTORED, (), LIMITS.report_back, Next("not_reported:1")),
        (State.REPORTED_BACK, (), timedelta(), Next("ask_customer:1")),
        (State.REPORTED_BACK, ("ask_customer:1",), timedelta(), Next(until=NOW + LIMITS.answer)),
        (State.REPORTED_BACK, ("ask_customer:1",), LIMITS.answer, Next("no_answer:1")),
        (State.FOLLOWED_UP, (), timedelta(), Next("close:1")),
        (State.ARCHIVED, (), timedelta(), Next()),
        (State.CANCELLED, ("call_back_crew:1",), timedelta(), Next()),
        (State.CANCELLED, (), timedelta(), Next("call_back_crew:1")),
        (State.MERGED, ("call_back_crew:1",), timedelta(), Next("tell_outage")),
        (State.SUSPENDED, (), timedelta(), None),
    ],
)
def test_each_place_has_its_next(state: State, steps: tuple[str, ...], late: timedelta, expected: Next | None) -> None:
    at = NOW + late
    assert after(at_place(state, *steps), at) == (expected or Next(until=at + IDLE))


def test_an_escalation_is_acted_on_once_each() -> None:
    order = replace(at_place(State.DISPATCHED), state=State.ESCALATED, escalations=1)
    assert after(order) == Next("alarm:1")
    assert after(done(order, *PREPARED, "alarm:1")).step is None
    assert after(replace(done(order, *PREPARED, "alarm:1"), escalations=2)) == Next("alarm:2")


def test_a_step_that_rests_holds_up_nothing_else_and_is_waited_for() -> None:
    soon = NOW + timedelta(seconds=4)
    order = replace(done(FRESH, "check_account", "known_outage"), resting={"send_crew:1": soon})
    assert after(order) == Next("tell_customer")
    order = done(order, "check_account", "known_outage", "register", "tell_customer")
    assert after(order) == Next(until=soon)


def test_an_order_that_is_closed_still_waits_for_a_step_that_rests() -> None:
    soon = NOW + timedelta(seconds=4)
    assert after(replace(at_place(State.ARCHIVED), resting={"tell_arrival": soon})) == Next(until=soon)

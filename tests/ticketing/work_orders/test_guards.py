"""Each refusal by its own name; and whatever is tried in whatever order, what must never happen does not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ticketing.errors import TicketingError
from ticketing.work_orders.actors import Actor, Role
from ticketing.work_orders.errors import (
    AcceptedByAnother,
    ActorRefused,
    AlreadyClosed,
    EventFromTheFuture,
    NotMergeable,
    NotOnSite,
    NotYourOrder,
    ReasonMissing,
    TransitionRefused,
)
from ticketing.work_orders.guards import ALLOWED, TAKES, Standing, admit, check
from ticketing.work_orders.kinds import Kind
from ticketing.work_orders.states import BRACKETS, ENDED, State, is_reopening, place, ways

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DISPATCHER, FLOW = Actor(Role.DISPATCHER, "d"), Actor(Role.FLOW, "f")
ONE, OTHER = Actor(Role.CREW, "CR-1"), Actor(Role.CREW, "CR-2")


def at(state: str, kind: Kind = Kind.OUTAGE, crew: str | None = "CR-1") -> Standing:
    return Standing(State(state), State(state), kind, crew)


@pytest.mark.parametrize(
    ("order", "to", "actor", "reason", "refusal"),
    [
        (at("dispatched"), "archived", DISPATCHER, "", TransitionRefused),
        (at("archived"), "archived", DISPATCHER, "", AlreadyClosed),
        (at("archived"), "dispatched", DISPATCHER, "again", AlreadyClosed),
        (at("cancelled"), "cancelled", DISPATCHER, "twice", AlreadyClosed),
        (at("acknowledged"), "acknowledged", OTHER, "", AcceptedByAnother),
        (at("on_site"), "acknowledged", OTHER, "", AcceptedByAnother),
        (at("acknowledged"), "acknowledged", ONE, "", TransitionRefused),
        (at("dispatched"), "acknowledged", OTHER, "", NotYourOrder),
        (at("acknowledged"), "on_site", OTHER, "", NotYourOrder),
        (at("dispatched"), "acknowledged", FLOW, "", ActorRefused),
        (at("acknowledged"), "on_site", FLOW, "", ActorRefused),
        (at("on_site"), "cancelled", FLOW, "because", ActorRefused),
        (at("followed_up"), "archived", ONE, "", ActorRefused),
        (at("dispatched"), "suspended", DISPATCHER, "  ", ReasonMissing),
        (at("dispatched"), "returned", ONE, "", ReasonMissing),
        (at("restored"), "dispatched", FLOW, "", ReasonMissing),
        (at("acknowledged"), "restored", ONE, "", NotOnSite),
        (at("dispatched", Kind.COMPLAINT), "merged", DISPATCHER, "same", NotMergeable),
    ],
)
def test_refusals_have_names(
    order: Standing, to: str, actor: Actor, reason: str, refusal: type[TicketingError]
) -> None:
    with pytest.raises(refusal) as refused:
        check(order, State(to), actor=actor, reason=reason)
    assert type(refused.value) is refusal


@pytest.mark.parametrize("origin", State)
@pytest.mark.parametrize("to", State)
def test_what_is_not_in_the_table_is_refused_and_names_the_ways_there_are(origin: State, to: State) -> None:
    order = replace(at(origin), place=State.DISPATCHED if origin in BRACKETS else origin)
    possible = ways(origin, place=order.place)
    if to in possible:
        return
    with pytest.raises(TransitionRefused) as refused:
        check(order, to, actor=DISPATCHER, reason="because")
    assert refused.value.extra["ways"] == sorted(possible)
    assert isinstance(refused.value, AlreadyClosed) is (origin in ENDED)


def test_an_order_offered_to_all_may_be_taken_by_anybody_with_the_app() -> None:
    check(at("dispatched", crew=None), State.ACKNOWLEDGED, actor=OTHER, reason="")


def test_inside_a_bracket_the_place_on_the_road_counts() -> None:
    escalated = replace(at("escalated"), place=State.ON_SITE)
    check(escalated, State.RESTORED, actor=ONE, reason="")
    with pytest.raises(NotOnSite):
        check(replace(escalated, place=State.ACKNOWLEDGED), State.RESTORED, actor=ONE, reason="")


def test_a_complaint_is_finished_at_the_desk() -> None:
    check(at("acknowledged", Kind.COMPLAINT), State.RESTORED, actor=DISPATCHER, reason="")


def test_an_event_from_the_future_is_refused_a_clock_a_little_fast_is_not() -> None:
    assert admit(NOW + timedelta(minutes=2), now=NOW) == NOW
    assert admit(NOW - timedelta(days=3), now=NOW) == NOW - timedelta(days=3)
    with pytest.raises(EventFromTheFuture) as refused:
        admit(NOW + timedelta(minutes=2, seconds=1), now=NOW)
    assert refused.value.extra == {"ahead_s": 121}


ACTORS = st.sampled_from([DISPATCHER, FLOW, ONE, OTHER, Actor(Role.AGENT, "a"), Actor(Role.CUSTOMER, "c")])


class AnyLife(RuleBasedStateMachine):
    """Anybody tries anything; the guards alone decide."""

    @initialize(kind=st.sampled_from(Kind), crew=st.sampled_from([None, "CR-1"]))
    def accept(self, kind: Kind, crew: str | None) -> None:
        self.kind, self.crew = kind, crew
        self.log: list[tuple[State, Actor, str]] = [(State.ACCEPTED, FLOW, "")]

    @property
    def states(self) -> list[State]:
        return [state for state, _, _ in self.log]

    @rule(to=st.sampled_from(State), actor=ACTORS, reason=st.sampled_from(["", "because"]))
    def attempt(self, to: State, actor: Actor, reason: str) -> None:
        order = Standing(self.states[-1], place(self.states), self.kind, self.crew)
        try:
            check(order, to, actor=actor, reason=reason)
        except TicketingError:
            return
        if to in TAKES and actor.kind is Role.CREW:
            self.crew = actor.name
        self.log.append((to, actor, reason))

    @rule(actor=ACTORS, data=st.data())
    def go_on(self, actor: Actor, data: st.DataObject) -> None:
        """Steps that the table knows, so that lives become long."""
        possible = sorted(ways(self.states[-1], place=place(self.states)))
        if possible:
            self.attempt(data.draw(st.sampled_from(possible)), actor, "because")

    @invariant()
    def nothing_follows_the_archive(self) -> None:
        assert State.ARCHIVED not in self.states[:-1]

    @invariant()
    def a_withdrawn_order_is_only_filed(self) -> None:
        if State.CANCELLED in self.states:
            assert self.states[self.states.index(State.CANCELLED) + 1 :] in ([], [State.ARCHIVED])

    @invariant()
    def nothing_that_needs_a_visit_is_restored_before_somebody_was_there(self) -> None:
        on_site = not self.kind.needs_visit
        for before, state in zip([None, *self.states], self.states, strict=False):
            on_site = (on_site and not is_reopening(before, state)) or not self.kind.needs_visit
            on_site = on_site or state is State.ON_SITE
            assert state is not State.RESTORED or on_site

    @invariant()
    def only_crews_and_the_desk_say_that_somebody_is_there(self) -> None:
        there = [actor.kind for state, actor, _ in self.log if state is State.ON_SITE]
        assert set(there) <= {Role.CREW, Role.DISPATCHER}

    @invariant()
    def two_crews_never_work_on_one_order_unless_it_was_given_out_anew(self) -> None:
        holder = None
        for state, actor, _ in self.log:
            holder = None if state is State.DISPATCHED else holder
            if actor.kind is Role.CREW and state in {State.ACKNOWLEDGED, State.ON_SITE, State.RESTORED}:
                assert holder in {None, actor.name}
                holder = actor.name

    @invariant()
    def every_detour_is_explained(self) -> None:
        detours = {State.RETURNED, State.SUSPENDED, State.ESCALATED, State.MERGED, State.CANCELLED}
        assert all(reason for state, _, reason in self.log if state in detours)


AnyLife.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestAnyLife = AnyLife.TestCase


def test_from_everywhere_the_desk_and_the_crew_can_bring_an_order_to_its_end() -> None:
    """No state is a trap: searched through all states, inside brackets too, for each kind."""
    for kind in Kind:
        reached = _ends(kind)
        assert all(State.ARCHIVED in ends for ends in reached.values()), kind


def _ends(kind: Kind) -> dict[tuple[State, State], set[State]]:
    """For each state and place: all states that can still come."""
    places = [state for state in State if state not in BRACKETS]
    nodes = [(state, state) for state in places] + [
        (state, at) for state in BRACKETS for at in places if at not in ENDED
    ]
    nodes.remove((State.ARCHIVED, State.ARCHIVED))
    following = {node: {to for to in State if _passes(node, to, kind)} for node in nodes}
    reached = {node: set(nexts) for node, nexts in following.items()}
    for _ in State:
        for (_, at), ends in reached.items():
            for to in list(ends):
                ends.update(reached.get((to, at if to in BRACKETS else to), ()))
    return reached


def _passes(node: tuple[State, State], to: State, kind: Kind) -> bool:
    state, spot = node
    actors = [each for each in (DISPATCHER, ONE, FLOW) if each.kind in ALLOWED[to]]
    for actor in actors:
        try:
            check(Standing(state, spot, kind, "CR-1"), to, actor=actor, reason="because")
        except TicketingError:
            continue
        return True
    return False

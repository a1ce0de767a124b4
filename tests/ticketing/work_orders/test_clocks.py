"""Clocks read from the log: what starts and stops them, pauses, giving back, opening again; nothing else moves them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.work_orders.clocks import Clock, Verdict, clock
from ticketing.work_orders.states import BRACKETS, OPEN, State, place, ways
from ticketing.work_orders.terms import SPANS, Term, Unit

BEGIN = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    state: str
    at: datetime


def log(*steps: tuple[int, str]) -> list[Entry]:
    """(minute, state) …"""
    return [Entry(State(state), BEGIN + timedelta(minutes=minute)) for minute, state in steps]


def read(item: str, minutes: int, steps: list[Entry], *, now: int) -> Clock | None:
    term = Term("rule", item, minutes, Unit.MINUTES, SPANS[item], "example")
    return clock(steps, term, now=BEGIN + timedelta(minutes=now), is_working=lambda _: True)


def known(item: str, minutes: int, steps: list[Entry], *, now: int) -> Clock:
    found = read(item, minutes, steps, now=now)
    assert found is not None
    return found


def minutes(delta: timedelta) -> float:
    return delta.total_seconds() / 60


def due(found: Clock) -> float | None:
    return None if found.deadline is None else minutes(found.deadline - BEGIN)


ROUTINE = log((0, "accepted"), (1, "dispatched"), (4, "acknowledged"))


def test_it_runs_then_is_overdue_then_says_whether_the_promise_was_kept() -> None:
    running = known("arrival", 45, ROUTINE, now=40)
    assert (running.verdict, due(running), minutes(running.remaining)) == (Verdict.RUNNING, 45, 5)
    assert known("arrival", 45, ROUTINE, now=45).verdict is Verdict.RUNNING
    overdue = known("arrival", 45, ROUTINE, now=50)
    assert (overdue.verdict, minutes(overdue.remaining)) == (Verdict.OVERDUE, -5)
    assert known("arrival", 45, [*ROUTINE, *log((45, "on_site"))], now=90).verdict is Verdict.KEPT
    late = known("arrival", 45, [*ROUTINE, *log((46, "on_site"))], now=90)
    assert (late.verdict, minutes(late.remaining)) == (Verdict.BROKEN, -1)


def test_it_has_not_started_before_its_state() -> None:
    assert read("restoration", 240, ROUTINE, now=10) is None


def test_it_stands_still_while_suspended_and_has_no_deadline_then() -> None:
    waiting = [*ROUTINE, *log((10, "suspended"))]
    paused = known("arrival", 45, waiting, now=500)
    assert (paused.verdict, paused.paused, due(paused), minutes(paused.remaining)) == (Verdict.PAUSED, True, None, 35)
    assert due(known("arrival", 45, [*waiting, *log((70, "acknowledged"))], now=71)) == 105


def test_what_was_overdue_before_the_pause_stays_overdue() -> None:
    found = known("arrival", 45, [*ROUTINE, *log((60, "suspended"))], now=70)
    assert (found.verdict, due(found)) == (Verdict.OVERDUE, 45)


def test_escalating_neither_stops_nor_pauses() -> None:
    escalated = [*ROUTINE, *log((10, "escalated"), (12, "escalated"))]
    assert due(known("arrival", 45, escalated, now=20)) == 45
    assert known("arrival", 45, [*escalated, *log((30, "on_site"))], now=99).verdict is Verdict.KEPT


def test_giving_back_wins_no_time_towards_the_customer_but_starts_our_own_targets_anew() -> None:
    returned = [*ROUTINE, *log((10, "returned"))]
    assert due(known("arrival", 45, returned, now=11)) == 45
    assert read("acceptance", 5, returned[:-2] + returned[-1:], now=11) is None
    assert due(known("dispatch", 3, returned, now=11)) == 13
    again = [*returned, *log((20, "dispatched"))]
    assert due(known("acceptance", 5, again, now=21)) == 25
    assert known("dispatch", 3, again, now=21).verdict is Verdict.BROKEN


def test_a_crew_that_leaves_the_site_does_not_start_the_restoration_anew() -> None:
    left = [
        *ROUTINE,
        *log((30, "on_site"), (40, "returned"), (41, "dispatched"), (42, "acknowledged"), (90, "on_site")),
    ]
    assert due(known("restoration", 240, left, now=91)) == 270
    assert known("arrival", 45, left, now=91).verdict is Verdict.KEPT


def test_given_to_another_crew_after_an_escalation_the_new_one_has_its_full_time() -> None:
    assert due(known("acceptance", 5, [*ROUTINE[:2], *log((6, "escalated"), (9, "dispatched"))], now=9)) == 14


def test_a_suspended_order_taken_up_again_goes_on_with_what_was_left() -> None:
    paused = [*ROUTINE[:2], *log((2, "suspended"), (60, "dispatched"))]
    assert due(known("acceptance", 5, paused, now=61)) == 64


def test_opened_again_a_new_round_begins() -> None:
    done = [*ROUTINE, *log((30, "on_site"), (60, "restored"))]
    assert known("arrival", 45, done, now=61).verdict is Verdict.KEPT
    again = [*done, *log((100, "dispatched"))]
    assert due(known("arrival", 45, again, now=101)) == 145
    assert read("restoration", 240, again, now=101) is None


@pytest.mark.parametrize("end", ["cancelled", "merged"])
def test_withdrawn_or_merged_in_time_it_is_void_and_too_late_it_is_broken(end: str) -> None:
    assert known("arrival", 45, [*ROUTINE, *log((10, end), (99, "archived"))], now=100).verdict is Verdict.VOID
    assert known("arrival", 45, [*ROUTINE, *log((50, end))], now=100).verdict is Verdict.BROKEN


def test_a_desks_order_that_skips_the_site_stops_the_clock_all_the_same() -> None:
    assert known("arrival", 45, [*ROUTINE, *log((20, "restored"))], now=99).verdict is Verdict.KEPT


@st.composite
def lives(draw: st.DrawFn) -> list[Entry]:
    """A log that the table of states allows, with a step every 0 to 30 minutes."""
    states, minute = [State.ACCEPTED], 0
    steps = log((0, "accepted"))
    for _ in range(draw(st.integers(0, 12))):
        possible = sorted(ways(states[-1], place=place(states)))
        if not possible:
            break
        states.append(draw(st.sampled_from(possible)))
        minute += draw(st.integers(0, 30))
        steps += log((minute, states[-1]))
    return steps


ITEMS = st.sampled_from(sorted(SPANS))


@given(lives(), ITEMS, st.integers(1, 120), st.integers(0, 300), st.integers(0, 300))
def test_while_nothing_happens_time_left_only_runs_down_minute_by_minute_or_stands_still(
    life: list[Entry], item: str, lasts: int, first: int, more: int
) -> None:
    since = int(minutes(life[-1].at - BEGIN)) + first
    before, after = read(item, lasts, life, now=since), read(item, lasts, life, now=since + more)
    if before is None or after is None:
        assert before is after
        return
    stands = before.ended is not None or (before.paused and before.verdict is Verdict.PAUSED)
    assert minutes(before.remaining - after.remaining) == (0 if stands else more)


@given(lives(), ITEMS, st.integers(1, 120), st.integers(0, 300))
def test_a_running_clocks_deadline_is_now_and_what_remains(
    life: list[Entry], item: str, lasts: int, ahead: int
) -> None:
    now = int(minutes(life[-1].at - BEGIN)) + ahead
    found = read(item, lasts, life, now=now)
    if found is None or found.ended:
        return
    if found.verdict is Verdict.PAUSED:
        assert found.deadline is None
    else:
        assert due(found) == now + minutes(found.remaining)
        assert (found.verdict is Verdict.OVERDUE) is (found.remaining < timedelta())


@given(lives(), ITEMS, st.integers(1, 120), st.data())
def test_an_escalation_more_in_the_log_changes_no_customers_clock(
    life: list[Entry], item: str, lasts: int, data: st.DataObject
) -> None:
    """Where work was going on, a look from higher up is no step of the work."""
    spots = [
        index
        for index, entry in enumerate(life)
        if State(entry.state) in OPEN - BRACKETS and life[index + 1 : index + 2] != []
        if State(life[index + 1].state) not in {State.DISPATCHED}
    ]
    if SPANS[item].anew or not spots:
        return
    spot = data.draw(st.sampled_from(spots))
    longer = [*life[: spot + 1], Entry(State.ESCALATED, life[spot].at), *life[spot + 1 :]]
    assert read(item, lasts, longer, now=900) == read(item, lasts, life, now=900)

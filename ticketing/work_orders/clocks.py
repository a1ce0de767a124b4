"""Clocks of an order, computed from its log of transitions; nothing is counted or stored on the way. Pure.

A clock stands still while the order is suspended (挂起). When the work did not help and the order was opened again, a
new round begins, and the clocks with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from ticketing.work_orders.states import BRACKETS, State, is_reopening
from ticketing.work_orders.terms import Span, Term
from ticketing.work_orders.ticking import IsWorking, Stretch, deadline, used

MAIN = (
    *(State.ACCEPTED, State.RETURNED, State.DISPATCHED, State.ACKNOWLEDGED, State.ON_SITE),
    *(State.RESTORED, State.REPORTED_BACK, State.FOLLOWED_UP, State.ARCHIVED),
)
"""The road in its order; an order that was given back stands before 派发."""
VOIDING = frozenset({State.MERGED, State.CANCELLED})


class Step(Protocol):
    """A row of the log, oldest first; `models.Transition` is one."""

    @property
    def state(self) -> str: ...
    @property
    def at(self) -> datetime: ...


class Verdict(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    OVERDUE = "overdue"
    """Not done, and the deadline is over."""
    KEPT = "kept"
    BROKEN = "broken"
    """Done, or withdrawn, too late."""
    VOID = "void"
    """Withdrawn or merged in time."""


@dataclass(frozen=True)
class Clock:
    """One term of an order.

    `deadline`: None while the clock stands still, because then only `remaining` is sure. `remaining`: time that counts,
    in working days 24 h each; below zero how long the deadline is over. `ended`: done, withdrawn or merged then.
    """

    term: Term
    verdict: Verdict
    started: datetime
    deadline: datetime | None
    paused: bool
    remaining: timedelta
    ended: datetime | None


@dataclass(frozen=True)
class _Run:
    """What the log says of one span in the present round."""

    started: datetime | None = None
    stopped: datetime | None = None
    voided: datetime | None = None
    paused_since: datetime | None = None
    pauses: tuple[Stretch, ...] = ()


def clock(log: Sequence[Step], term: Term, *, now: datetime, is_working: IsWorking) -> Clock | None:
    """The clock of `term` as it stands at `now`, or None while it has not started."""
    run = _read(log, term.span)
    if run.started is None:
        return None
    ended = run.stopped or run.voided
    end = ended or max(now, log[-1].at)
    paused = ended is None and run.paused_since is not None
    pauses = (*run.pauses, (run.paused_since, end)) if run.paused_since else run.pauses
    due = deadline(run.started, term, pauses=pauses, is_working=is_working)
    late = end > due
    left = term.length - used(run.started, end, term, pauses=pauses, is_working=is_working)
    return Clock(
        term=term,
        verdict=_verdict(run, late=late, paused=paused),
        started=run.started,
        deadline=None if paused and not late else due,
        paused=paused,
        remaining=due - end if late else left,
        ended=ended,
    )


def clocks(log: Sequence[Step], terms: Sequence[Term], *, now: datetime, is_working: IsWorking) -> list[Clock]:
    """The clocks that have started."""
    found = (clock(log, each, now=now, is_working=is_working) for each in terms)
    return [each for each in found if each is not None]


def _verdict(run: _Run, *, late: bool, paused: bool) -> Verdict:
    if run.stopped:
        return Verdict.BROKEN if late else Verdict.KEPT
    if run.voided:
        return Verdict.BROKEN if late else Verdict.VOID
    if late:
        return Verdict.OVERDUE
    return Verdict.PAUSED if paused else Verdict.RUNNING


def _read(log: Sequence[Step], span: Span) -> _Run:
    run, before, place = _Run(), None, None
    for step in log:
        state = State(step.state)
        if is_reopening(before, state):
            run, place = _enter(_Run(), State.ACCEPTED, step.at, span), State.ACCEPTED
        run = _pause(run, state, step.at)
        given_out_again = before is State.ESCALATED and state is State.DISPATCHED
        if state not in BRACKETS and (state is not place or given_out_again):
            run, place = _enter(run, state, step.at, span), state
        before = state
    return run


def _pause(run: _Run, state: State, at: datetime) -> _Run:
    if state is State.SUSPENDED:
        return replace(run, paused_since=run.paused_since or at)
    if run.paused_since is None:
        return run
    return replace(run, paused_since=None, pauses=(*run.pauses, (run.paused_since, at)))


def _enter(run: _Run, state: State, at: datetime, span: Span) -> _Run:
    """The order comes to `state` of the road, not merely back to it out of a bracket."""
    if state in span.start and not run.voided and (run.started is None or span.anew):
        return replace(run, started=at, stopped=None)
    if run.started is None or run.stopped or run.voided:
        return run
    if state in VOIDING:
        return replace(run, voided=at)
    if MAIN.index(state) >= MAIN.index(span.stop):
        return replace(run, stopped=at)
    gone_back = all(MAIN.index(state) < MAIN.index(start) for start in span.start)
    return replace(run, started=None) if span.anew and gone_back else run

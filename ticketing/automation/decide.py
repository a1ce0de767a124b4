"""What an order needs next, from what is known of it. Pure: the flow asks, keeps the answer, and does it.

accept → check account → known outage? → choose crew → send crew → tell customer → register
→ wait for acceptance, arrival, restoration (each with its limit) → ask customer → close
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ticketing.work_orders.states import State

IDLE = timedelta(hours=6)
"""Nothing is due: the flow looks again after so long by itself, in case a bell was never rung."""
ON_THE_ROAD = frozenset({State.DISPATCHED, State.ACKNOWLEDGED, State.ON_SITE})
WITHDRAWN = frozenset({State.CANCELLED, State.MERGED})


@dataclass(frozen=True)
class Limits:
    """How long each wait may take before somebody is told; from the rule book."""

    acceptance: timedelta
    report_back: timedelta
    answer: timedelta


@dataclass(frozen=True)
class Facts:
    """An order as the flow sees it.

    `place`: its state on the road (escalated or suspended, it keeps its place); `since`: when it came to `place`;
    `sent`: how often it was dispatched; `escalations`: how often escalated; `steps`: what was done, with the outcome;
    `resting`: steps that failed for technical reasons, and when they are tried again. They hold up nothing else, but
    are seen through to the end even where the order has left them behind: their effect may have happened.
    """

    state: State
    place: State
    since: datetime
    sent: int
    escalations: int
    has_account: bool
    may_merge: bool
    needs_visit: bool
    steps: Mapping[str, str]
    resting: Mapping[str, datetime]

    def lacks(self, step: str) -> bool:
        return step not in self.steps and step not in self.resting


@dataclass(frozen=True)
class Next:
    """One of three: do `step`, wait for a bell until `until`, or (neither) the flow is over."""

    step: str | None = None
    until: datetime | None = None


def decide(order: Facts, *, limits: Limits, at: datetime) -> Next:
    """The next step, the next wait, or the end. A step names its round (`send_crew:2`), so that each is done once."""
    due = [step for step, when in order.resting.items() if when <= at]
    if due:
        return Next(min(due, key=lambda step: order.resting[step]))
    following = _following(order, limits=limits, at=at)
    if following.step or not order.resting:
        return following
    soonest = min(order.resting.values())
    return Next(until=min(soonest, following.until or soonest))


def _following(order: Facts, *, limits: Limits, at: datetime) -> Next:
    if order.state in WITHDRAWN | {State.ARCHIVED}:
        return _wind_up(order)
    if order.state is State.SUSPENDED:
        return Next(until=at + IDLE)
    return (
        _prepare(order)
        or _alarm(order)
        or _dispatched(order)
        or _overdue(order, limits=limits, at=at)
        or _follow_up(order, limits=limits, at=at)
        or Next(until=at + IDLE)
    )


def _wind_up(order: Facts) -> Next:
    """Withdrawn while a crew was out: it is called back before the flow ends. A merged one is told the outage."""
    sent, called = f"send_crew:{order.sent}", f"call_back_crew:{order.sent}"
    if order.state in WITHDRAWN and order.steps.get(sent) == "done" and order.lacks(called):
        return Next(called)
    if order.state is State.MERGED and order.lacks("tell_outage"):
        return Next("tell_outage")
    return Next()


def _prepare(order: Facts) -> Next | None:
    if order.has_account and order.lacks("check_account"):
        return Next("check_account")
    if order.may_merge and order.place in {State.ACCEPTED, State.DISPATCHED} and order.lacks("known_outage"):
        return Next("known_outage")
    choice = f"choose_crew:{order.sent + 1}"
    if order.place in {State.ACCEPTED, State.RETURNED} and order.lacks(choice):
        return Next(choice)
    return None


def _alarm(order: Facts) -> Next | None:
    """An escalation is written first (by whoever found it) and acted on here."""
    alarm = f"alarm:{order.escalations}"
    return Next(alarm) if order.escalations and order.lacks(alarm) else None


def _dispatched(order: Facts) -> Next | None:
    if order.place not in ON_THE_ROAD:
        return None
    steps = [f"send_crew:{order.sent}"] if order.place is State.DISPATCHED else []
    steps += ["tell_customer"]
    steps += ["tell_arrival"] if order.place is State.ON_SITE else []
    steps += ["register"] if order.needs_visit else []  # last: a robot types it, and people do not wait for that
    return next((Next(step) for step in steps if order.lacks(step)), None)


def _overdue(order: Facts, *, limits: Limits, at: datetime) -> Next | None:
    """A crew that does not accept, or does not report back, within its limit."""
    waits = {
        State.DISPATCHED: (limits.acceptance, f"not_accepted:{order.sent}"),
        State.RESTORED: (limits.report_back, f"not_reported:{order.sent}"),
    }
    if order.place not in waits:
        return None
    limit, step = waits[order.place]
    if not order.lacks(step):
        return None
    return Next(step) if at >= order.since + limit else Next(until=order.since + limit)


def _follow_up(order: Facts, *, limits: Limits, at: datetime) -> Next | None:
    if order.place is State.FOLLOWED_UP:
        return Next(f"close:{order.sent}")
    if order.place is not State.REPORTED_BACK:
        return None
    asked = f"ask_customer:{order.sent}"
    if order.lacks(asked):
        return Next(asked)
    silent = order.since + limits.answer
    return Next(f"no_answer:{order.sent}") if at >= silent else Next(until=silent)

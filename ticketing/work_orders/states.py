"""The states of a work order and the ways between them. Pure; who may go them and when: `guards`.

Main road: 受理 → 派发 → 接单 → 到达现场 → 恢复 → 回单 → 回访 → 归档. Beside it: 退单 (the crew gives it back),
挂起 (waits, its clocks stand still), 升级 (somebody higher looks), 合并 (part of one outage), 作废 (withdrawn).
挂起 and 升级 are brackets: the order keeps its place on the road, and goes on from there.
"""

from collections.abc import Sequence
from enum import StrEnum


class State(StrEnum):
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    ACKNOWLEDGED = "acknowledged"
    ON_SITE = "on_site"
    RESTORED = "restored"
    REPORTED_BACK = "reported_back"
    FOLLOWED_UP = "followed_up"
    ARCHIVED = "archived"
    RETURNED = "returned"
    SUSPENDED = "suspended"
    ESCALATED = "escalated"
    MERGED = "merged"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """What agents and customers read."""
        return LABELS[self]

    @property
    def is_open(self) -> bool:
        """The customer may still urge, amend or cancel."""
        return self in OPEN


LABELS = {
    State.ACCEPTED: "受理",
    State.DISPATCHED: "派发",
    State.ACKNOWLEDGED: "接单",
    State.ON_SITE: "到达现场",
    State.RESTORED: "恢复",
    State.REPORTED_BACK: "回单",
    State.FOLLOWED_UP: "回访",
    State.ARCHIVED: "归档",
    State.RETURNED: "退单",
    State.SUSPENDED: "挂起",
    State.ESCALATED: "升级",
    State.MERGED: "合并",
    State.CANCELLED: "作废",
}

BRACKETS = frozenset({State.SUSPENDED, State.ESCALATED})
ENDED = frozenset({State.MERGED, State.CANCELLED, State.ARCHIVED})
DONE = frozenset({State.RESTORED, State.REPORTED_BACK, State.FOLLOWED_UP, State.MERGED})
"""Worked off, or part of an outage; going back to 派发 from here opens the order again (the power is still off)."""
OPEN = frozenset(State) - ENDED - DONE
ASIDE = BRACKETS | {State.MERGED, State.CANCELLED}
EXPLAINED = ASIDE | {State.RETURNED}
"""States that nobody enters without a reason."""

ROAD: dict[State, frozenset[State]] = {
    State.ACCEPTED: frozenset({State.DISPATCHED}) | ASIDE,
    State.DISPATCHED: frozenset({State.ACKNOWLEDGED, State.RETURNED}) | ASIDE,
    State.ACKNOWLEDGED: frozenset({State.ON_SITE, State.RESTORED, State.RETURNED}) | ASIDE,
    State.ON_SITE: frozenset({State.RESTORED, State.RETURNED}) | ASIDE,
    State.RETURNED: frozenset({State.DISPATCHED}) | ASIDE,
    State.RESTORED: frozenset({State.REPORTED_BACK, State.DISPATCHED}),
    State.REPORTED_BACK: frozenset({State.FOLLOWED_UP, State.DISPATCHED}),
    State.FOLLOWED_UP: frozenset({State.ARCHIVED, State.DISPATCHED}),
    State.MERGED: frozenset({State.ARCHIVED, State.DISPATCHED}),
    State.CANCELLED: frozenset({State.ARCHIVED}),
    State.ARCHIVED: frozenset(),
}


def place(log: Sequence[State]) -> State:
    """Where on the road an order with this log stands, brackets left out."""
    return next(state for state in reversed(log) if state not in BRACKETS)


def ways(state: State, *, place: State) -> frozenset[State]:
    """Where an order in `state` may go. `place`: the state on the road, another one only inside a bracket.

    Suspended, it must be taken up first: where it was, or with another crew. Escalated, work goes on as before,
    and it may be escalated again, one level higher each time.
    """
    if state is State.SUSPENDED:
        return frozenset({place, State.DISPATCHED, State.ESCALATED, State.CANCELLED, State.MERGED})
    if state is State.ESCALATED:
        return ROAD[place] | {place, State.DISPATCHED}
    return ROAD[state]


def is_reopening(origin: State | None, to: State) -> bool:
    """Whether this step says that what was done did not help."""
    return origin in DONE and to is State.DISPATCHED

"""The life of a work order: states, the ways between them, and what guards each way. Pure.

Main road: 受理 → 派发 → 接单 → 到达现场 → 恢复 → 回单 → 回访 → 归档; beside it 退单, 挂起, 升级, 合并, 作废.
"""

from enum import StrEnum

from ticketing.work_orders.errors import NotOnSite, ReasonMissing, TransitionRefused
from ticketing.work_orders.kinds import Kind


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

ASIDE = frozenset({State.SUSPENDED, State.ESCALATED, State.MERGED, State.CANCELLED})
WAYS: dict[State, frozenset[State]] = {
    State.ACCEPTED: frozenset({State.DISPATCHED}) | ASIDE,
    State.DISPATCHED: frozenset({State.ACKNOWLEDGED, State.RETURNED}) | ASIDE,
    State.ACKNOWLEDGED: frozenset({State.ON_SITE, State.RESTORED, State.RETURNED}) | ASIDE,
    State.ON_SITE: frozenset({State.RESTORED}) | ASIDE,
    State.RESTORED: frozenset({State.REPORTED_BACK}),
    State.REPORTED_BACK: frozenset({State.FOLLOWED_UP, State.DISPATCHED}),
    State.FOLLOWED_UP: frozenset({State.ARCHIVED, State.DISPATCHED}),
    State.RETURNED: frozenset({State.DISPATCHED}) | ASIDE,
    State.SUSPENDED: frozenset({State.DISPATCHED, State.ACKNOWLEDGED, State.ON_SITE, State.ESCALATED, State.CANCELLED}),
    State.ESCALATED: frozenset({State.DISPATCHED, State.ACKNOWLEDGED, State.ON_SITE, State.SUSPENDED})
    | frozenset({State.MERGED, State.CANCELLED}),
    State.MERGED: frozenset({State.ARCHIVED}),
    State.CANCELLED: frozenset({State.ARCHIVED}),
    State.ARCHIVED: frozenset(),
}
OPEN = frozenset(
    {
        State.ACCEPTED,
        State.DISPATCHED,
        State.ACKNOWLEDGED,
        State.ON_SITE,
        State.RETURNED,
        State.SUSPENDED,
        State.ESCALATED,
    }
)
EXPLAINED = ASIDE | {State.RETURNED}
MERGEABLE = frozenset({Kind.OUTAGE, Kind.VOLTAGE})


def check(origin: State, to: State, *, kind: Kind, reason: str) -> None:
    """Let the order pass from `origin` to `to`. Raises TransitionRefused, NotOnSite or ReasonMissing."""
    if to not in WAYS[origin]:
        ways = "、".join(way.label for way in State if way in WAYS[origin]) or "—"
        raise TransitionRefused(
            f"{origin.label} → {to.label}: not possible; from here: {ways}", ways=sorted(WAYS[origin])
        )
    if to in EXPLAINED and not reason.strip():
        raise ReasonMissing(f"{to.label} needs a reason")
    if to is State.RESTORED and origin is not State.ON_SITE and kind.needs_visit:
        raise NotOnSite(f"an order '{kind}' is finished on site: {State.ON_SITE.label} comes first")
    if to is State.MERGED and kind not in MERGEABLE:
        raise TransitionRefused(f"an order '{kind}' cannot be merged into an outage", ways=sorted(WAYS[origin]))

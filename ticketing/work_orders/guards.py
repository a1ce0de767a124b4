"""What a step of a work order must satisfy, each refusal by its own name. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

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
from ticketing.work_orders.kinds import Kind
from ticketing.work_orders.states import ENDED, EXPLAINED, State, is_reopening, ways

CLOCK_SKEW = timedelta(minutes=2)
"""How far an outside clock may run ahead of ours before its events are refused."""

DESK = frozenset({Role.AGENT, Role.DISPATCHER})
MACHINES = frozenset({Role.FLOW, Role.ROBOT, Role.SYSTEM})
FIELD = frozenset({Role.CREW, Role.DISPATCHER})
"""A dispatcher enters what a crew without the app says by radio."""
ALLOWED: dict[State, frozenset[Role]] = {
    State.ACCEPTED: DESK | MACHINES,
    State.DISPATCHED: DESK | MACHINES,
    State.ACKNOWLEDGED: FIELD | {Role.AGENT},
    State.ON_SITE: FIELD,
    State.RESTORED: FIELD | DESK | MACHINES,
    State.REPORTED_BACK: FIELD | DESK | MACHINES,
    State.FOLLOWED_UP: DESK | MACHINES,
    State.ARCHIVED: DESK | MACHINES,
    State.RETURNED: FIELD | MACHINES,
    State.SUSPENDED: FIELD | DESK | MACHINES,
    State.ESCALATED: frozenset(Role),
    State.MERGED: DESK | MACHINES,
    State.CANCELLED: DESK | {Role.CUSTOMER, Role.SYSTEM},
}
"""No machine says that somebody took the order or was on site, none withdraws it; a crew does not close it."""

HELD = frozenset({State.ACKNOWLEDGED, State.ON_SITE})
TAKES = HELD | {State.RESTORED}
"""A crew's step to one of these makes the order its own, also where a dispatcher acknowledged it and named no crew."""
MERGEABLE = frozenset({Kind.OUTAGE, Kind.VOLTAGE})


@dataclass(frozen=True)
class Standing:
    """An order before the step. `place`: see `states.ways`; `crew`: who has it, or None where it is offered to all."""

    state: State
    place: State
    kind: Kind
    crew: str | None


def check(order: Standing, to: State, *, actor: Actor, reason: str) -> None:
    """Let the order pass to `to`.

    Raises AlreadyClosed, AcceptedByAnother, TransitionRefused, ActorRefused, NotYourOrder, ReasonMissing, NotOnSite or
    NotMergeable.
    """
    _way(order, to, actor)
    if actor.kind not in ALLOWED[to]:
        raise ActorRefused(f"{to.label} ({to}) is not for {actor.kind}", roles=sorted(ALLOWED[to]))
    if actor.kind is Role.CREW and order.crew is not None and order.crew != actor.name:
        raise NotYourOrder(f"the order is with {order.crew}", crew=order.crew)
    if (to in EXPLAINED or is_reopening(order.state, to)) and not reason.strip():
        raise ReasonMissing(f"{to.label} needs a reason")
    if to is State.RESTORED and order.place is not State.ON_SITE and order.kind.needs_visit:
        raise NotOnSite(f"an order '{order.kind}' is finished on site: {State.ON_SITE.label} comes first")
    if to is State.MERGED and order.kind not in MERGEABLE:
        raise NotMergeable(f"an order '{order.kind}' cannot be merged into an outage")


def _way(order: Standing, to: State, actor: Actor) -> None:
    possible = ways(order.state, place=order.place)
    grabs = to is State.ACKNOWLEDGED and actor.kind is Role.CREW and order.place in HELD
    if grabs and order.crew != actor.name:
        raise AcceptedByAnother(f"{order.crew} has taken the order", crew=order.crew)
    if to in possible:
        return
    names = "、".join(way.label for way in State if way in possible) or "—"
    refusal = AlreadyClosed if order.state in ENDED else TransitionRefused
    raise refusal(f"{order.state.label} → {to.label}: not possible; from here: {names}", ways=sorted(possible))


def admit(happened: datetime, *, now: datetime) -> datetime:
    """The time of an event told from outside, never later than now. Raises EventFromTheFuture."""
    if happened > now + CLOCK_SKEW:
        ahead = int((happened - now).total_seconds())
        raise EventFromTheFuture(f"the event lies {ahead} s ahead of now; set the sender's clock", ahead_s=ahead)
    return min(happened, now)

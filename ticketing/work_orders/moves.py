"""The one way in which an order changes its state: held, checked, logged, audited, all in the caller's transaction."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.audit import service as audit
from ticketing.automation import bells
from ticketing.db import alone
from ticketing.work_orders import guards, states
from ticketing.work_orders.actors import Actor, Role
from ticketing.work_orders.errors import CrewNotFound, KeyReused, OutageMissing, SkillMissing
from ticketing.work_orders.guards import Standing
from ticketing.work_orders.holding import take
from ticketing.work_orders.kinds import Kind
from ticketing.work_orders.models import Crew, Transition, WorkOrder
from ticketing.work_orders.states import State


def move(session: Session, number: str, to: State, *, actor: Actor, reason: str, key: str, at: datetime) -> Transition:
    """Take the order to state `to`. The same `key` again returns the first transition and changes nothing.

    `at`: when it happened; what comes in late counts from the step before it (`Transition.happened` keeps what was
    said). Events from outside pass `guards.admit` first. An order offered to all is the crew's that first works on it.
    Raises WorkOrderNotFound, KeyReused, OutageMissing (use `merging.merge`) and the refusals of `guards.check`.
    """
    if to is State.MERGED:
        raise OutageMissing(f"say into which outage {number} is merged")
    order = take(session, number)
    return repeated(session, order, to, key=key) or step(session, order, to, actor=actor, reason=reason, key=key, at=at)


def repeated(session: Session, order: WorkOrder, to: State, *, key: str) -> Transition | None:
    """The transition that this key made before, if it did. Raises KeyReused where it was another one."""
    alone(session, f"work-order-transition:{key}")
    first = session.scalar(select(Transition).where(Transition.key == key))
    if first is not None and (first.order_number, first.state) != (order.number, to):
        raise KeyReused(f"the key stands for {first.order_number} → {first.state}; take another one")
    return first


def step(
    session: Session,
    order: WorkOrder,
    to: State,
    *,
    actor: Actor,
    reason: str,
    key: str,
    at: datetime,
    also: Mapping[str, str | None] | None = None,
) -> Transition:
    """Check and log one step of an order that is held. `also`: what else of it changes once the step is allowed.

    Raises the refusals of `guards.check`, before anything is changed.
    """
    origin, kind = State(order.state), Kind(order.kind)
    guards.check(Standing(origin, place(session, order), kind, order.crew), to, actor=actor, reason=reason)
    changes = dict(also or {})
    if to in guards.TAKES and actor.kind is Role.CREW:
        changes["crew"] = able(session, actor.name, kind).code
    if states.is_reopening(origin, to):
        changes["outage"] = None
    for name, value in changes.items():
        setattr(order, name, value)
    order.state = to
    return log(session, order, origin=origin, actor=actor, reason=reason, key=key, at=at)


def able(session: Session, code: str, kind: Kind) -> Crew:
    """The crew, if it can do such an order. Raises CrewNotFound or SkillMissing."""
    crew = session.get(Crew, code)
    if crew is None:
        raise CrewNotFound(f"no crew {code}")
    if crew.skill != kind.skill:
        raise SkillMissing(f"{crew.name} does not do '{kind}'", skill=kind.skill)
    return crew


def place(session: Session, order: WorkOrder) -> State:
    """Where on the road the order stands (`states.place`); only inside a bracket the log is asked."""
    state = State(order.state)
    if state not in states.BRACKETS:
        return state
    past = session.scalars(
        select(Transition.state).where(Transition.order_number == order.number).order_by(Transition.id)
    )
    return states.place([State(each) for each in past])


def log(
    session: Session,
    order: WorkOrder,
    *,
    origin: State | None,
    actor: Actor,
    reason: str,
    key: str,
    at: datetime,
) -> Transition:
    """Write the transition to the order's present state, and its audit row. Times in a log never run backwards."""
    before = session.scalar(
        select(Transition.at).where(Transition.order_number == order.number).order_by(Transition.id.desc()).limit(1)
    )
    counts = max(at, before) if before else at
    row = Transition(
        order_number=order.number,
        key=key,
        origin=origin,
        state=order.state,
        crew=order.crew,
        actor=str(actor)[:80],
        reason=reason[:200],
        at=counts,
        happened=at if at != counts else None,
    )
    order.changed = max(order.changed, counts)
    session.add(row)
    session.flush()
    data = {"from": origin, "to": order.state, "kind": order.kind, "priority": order.priority, "crew": order.crew}
    if origin is not None and actor.kind is not Role.FLOW:
        bells.ring(session, order.number, key=key, bell=order.state, at=at)  # its flow has something new to read
    kind = "order.moved" if origin else "order.created"
    audit.record(session, kind=kind, subject=f"order:{order.number}", actor=str(actor), data=data, at=counts)
    return row

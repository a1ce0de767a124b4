"""Ask the outside systems what they did in the gap, take it over, then let the fence down. All may be repeated.

In this order: effects are remembered (a step that would have one again gets its receipt); orders of the gap are made
again under their own numbers, from the jobs that their crews have; what the crews reported is put into the orders'
logs; every order that has not ended gets its flow. What cannot be taken over stays listed for a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from ticketing.audit import service as audit
from ticketing.automation.errors import Business, Technical
from ticketing.automation.events import CrewEvent, take
from ticketing.automation.robots.door import Effect
from ticketing.db import alone
from ticketing.errors import TicketingError
from ticketing.outbox.models import OutboxEntry
from ticketing.recovery import fence
from ticketing.recovery.models import OutsideEffect, Restore
from ticketing.work_orders import flows, numbers, service
from ticketing.work_orders.models import WorkOrder
from ticketing.work_orders.states import ENDED

ACTOR = "restore"
OVERLAP = timedelta(minutes=10)
"""Clocks differ, and a backup of several stores takes a while: what was known before is only seen again."""
BY_HAND = "look there, then say: python -m ticketing.automation reconciled"
CREW_APP, JOB, EVENT = "crew_app", "job", "event"

log = structlog.get_logger("ticketing.recovery")


class Outside(Protocol):
    """An outside system that can be asked. Raises Technical when it cannot now, Business when it never can."""

    def done_since(self, since: datetime) -> list[Effect]: ...


def round(sessions: sessionmaker[Session], systems: Mapping[str, Outside], *, at: datetime) -> int:
    """Reconcile if the fence is up; 1 when it was let down, 0 when there was nothing to do or a system is away."""
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        restore = fence.standing(session)
        if restore is None:
            return 0
        since = restore.taken_at - OVERLAP
    done: dict[str, list[Effect]] = {}
    silent: list[str] = []
    for name, system in systems.items():
        try:
            done[name] = system.done_since(since)
        except Technical as error:
            log.warning("reconciliation_waits", system=name, reason=str(error))
            return 0
        except Business as error:  # it has no log: a person must look there
            log.error("reconciliation_needs_a_person", system=name, reason=str(error), then=BY_HAND)
            silent.append(name)
    with sessions.begin() as session:
        alone(session, "reconciliation")
        standing = fence.standing(session)
        if standing is None or standing.id != restore.id:
            return 0  # another worker was quicker
        take_over(session, standing, done, at=at)
        if silent:
            return 0  # what the others said is kept
        _let_down(session, standing, at=at)
    return 1


def take_over(session: Session, restore: Restore, done: Mapping[str, Sequence[Effect]], *, at: datetime) -> None:
    """Take over what the systems said; again it changes nothing more."""
    crews = list(done.get(CREW_APP, ()))
    keys = (effect.key for effects in done.values() for effect in effects)
    numbers.pass_by(session, (number for key in keys if (number := numbers.of_key(key))))
    restore.adopted += sum(_remember(session, system, effect) for system, effects in done.items() for effect in effects)
    restore.remade += _remake(session, [effect for effect in crews if effect.what == JOB], at=at)
    for effect in crews:
        if effect.what == EVENT:
            _put_in(session, effect, at=at)
    for number in session.scalars(select(WorkOrder.number).where(WorkOrder.state.not_in(ENDED))).all():
        flows.start(session, number, key=f"restore:{restore.id}:{number}", at=at)
    restore.unknown = len(unknown(session))


def by_hand(sessions: sessionmaker[Session], *, actor: str, at: datetime) -> bool:
    """An operator has looked at the outside systems and lets the fence down; False: none stands."""
    with sessions.begin() as session:
        restore = fence.standing(session)
        if restore is None:
            return False
        take_over(session, restore, {}, at=at)
        _let_down(session, restore, at=at, actor=actor)
    return True


def unknown(session: Session) -> list[tuple[str, str]]:
    """Orders that stand outside and not here, each with a system that has it: for a person."""
    here = select(WorkOrder.number)
    query = select(OutsideEffect.order_number, OutsideEffect.system).where(
        OutsideEffect.order_number.is_not(None), OutsideEffect.order_number.not_in(here)
    )
    return sorted({(number, system) for number, system in session.execute(query) if number})


def _remember(session: Session, system: str, effect: Effect) -> bool:
    if effect.what == EVENT or session.get(OutsideEffect, effect.key) is not None:
        return False
    session.add(
        OutsideEffect(
            key=effect.key, system=system, receipt=effect.id, at=effect.at, order_number=numbers.of_key(effect.key)
        )
    )
    session.flush()
    return True


def _remake(session: Session, jobs: Iterable[Effect], *, at: datetime) -> int:
    """Make the orders again that only the crews know; the last job of each says who has it."""
    last = {str(job.content.get("order")): job for job in jobs}
    return sum(_made_again(session, number, job) for number, job in last.items())


def _made_again(session: Session, number: str, job: Effect) -> bool:
    if session.get(WorkOrder, number) is not None:
        return False
    said: Mapping[str, Any] = job.content
    try:
        with session.begin_nested():
            service.create(
                session,
                number=number,
                crew=str(said["crew"]),
                key=f"restored:{number}",
                kind=str(said["kind"]),
                conversation=f"restored:{number}",
                address=said["address"],
                contact_phone=said["phone"],
                description=str(said["description"]),
                at=job.at,
                actor=ACTOR,
                flow=False,
            )
    except (TicketingError, KeyError, ValueError) as error:
        log.error("order_not_remade", order=number, error=type(error).__name__)
        return False
    return True


def _put_in(session: Session, effect: Effect, *, at: datetime) -> None:
    """What a crew reported in the gap; what the order has outgrown since is refused, and that is well."""
    try:
        with session.begin_nested():
            take(session, CrewEvent.model_validate({"happened": effect.at, **effect.content}), at=at)
    except (TicketingError, ValueError) as error:
        log.info("event_not_put_in", key=effect.key, error=type(error).__name__)


def _let_down(session: Session, restore: Restore, *, at: datetime, actor: str = ACTOR) -> None:
    """Chat sentences from before the backup are not said again: most likely they were, and no chat can be asked."""
    session.execute(
        update(OutboxEntry)
        .where(OutboxEntry.kind == "outgoing", OutboxEntry.done_at.is_(None), OutboxEntry.created < restore.taken_at)
        .values(given_up_at=at, last_error="said before the restore, most likely")
        .execution_options(synchronize_session=False)
    )
    restore.reconciled_at = at
    facts: dict[str, Any] = {"taken": restore.taken_at.isoformat(), "restored": restore.restored_at.isoformat()}
    facts |= {"adopted": restore.adopted, "remade": restore.remade, "unknown": restore.unknown}
    audit.record(session, kind="restore.reconciled", subject=f"restore:{restore.id}", actor=actor, data=facts, at=at)
    for number, system in unknown(session):
        audit.add(
            session,
            kind="restore.unknown_order",
            subject=f"order:{number}",
            actor=ACTOR,
            data={"system": system},
            at=at,
        )
    log.warning("reconciled", **facts)

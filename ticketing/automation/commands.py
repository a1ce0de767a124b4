"""The operator's commands: print what is, ask the engine for what shall be."""

import argparse
import sys
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from ticketing.audit import service as audit
from ticketing.automation import bells, evidence, leases, promises
from ticketing.automation.dbos_flows import DbosFlows
from ticketing.automation.models import StepDone, StepTry
from ticketing.automation.port import FlowNotFound, Flows, StepNotFound
from ticketing.automation.store import address, open_store
from ticketing.config import Settings
from ticketing.db import connect, now, session_factory
from ticketing.personal import vault
from ticketing.work_orders.errors import WorkOrderNotFound
from ticketing.work_orders.models import Transition
from ticketing.work_orders.numbers import LOCAL
from ticketing.work_orders.service import look
from ticketing.work_orders.states import State

OPERATOR = "operator"


def run(settings: Settings, asked: argparse.Namespace) -> int:
    vault.open(settings.data_key.get_secret_value())
    sessions = session_factory(connect(settings.sqlalchemy_url))
    flows = DbosFlows(open_store(address(settings.sqlalchemy_url, settings.home)))
    try:
        for line in answer(sessions, flows, asked, at=now()):
            print(line)
    except (WorkOrderNotFound, FlowNotFound, StepNotFound) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


def answer(sessions: sessionmaker[Session], flows: Flows, asked: argparse.Namespace, *, at: datetime) -> Iterator[str]:
    """The lines of an answer. Raises WorkOrderNotFound, FlowNotFound, StepNotFound."""
    if asked.command == "list":
        yield from _list(sessions, flows, at=at)
    elif asked.command == "show":
        yield from _show(sessions, flows, asked.order)
    elif asked.command == "retry":
        yield _retry(sessions, flows, asked.order, at=at)
    else:
        yield _replay(sessions, flows, asked.order, asked.step, at=at)


def _list(sessions: sessionmaker[Session], flows: Flows, *, at: datetime) -> Iterator[str]:
    with sessions() as session:
        living = set(leases.alive(session, at=at))
        tries = {row.order_number: row for row in session.scalars(select(StepTry).order_by(StepTry.tries))}
    for flow in flows.unfinished():
        held = "waits for a worker" if flow.worker is None else flow.worker
        dead = "" if flow.worker is None or flow.worker in living else " (dead)"
        trouble = tries.get(flow.id)
        why = f"  {trouble.step} failed {trouble.tries} times: {trouble.error}" if trouble else ""
        yield f"{flow.id}  {flow.status:<8} since {_time(flow.started)}  {held}{dead}{why}"


def _show(sessions: sessionmaker[Session], flows: Flows, number: str) -> Iterator[str]:
    with sessions() as session:
        order = look(session, number)
        flow = flows.find(number)
        yield f"{number}  {order.kind}  {State(order.state).label}  crew {order.crew or '—'}"
        yield f"flow: {flow.status if flow else 'none'}" + (f", {flow.worker}" if flow and flow.worker else "")
        for at, words in sorted(_events(session, number), key=lambda event: event[0]):
            yield f"{_time(at)}  {words}"
        for row in session.scalars(select(StepTry).where(StepTry.order_number == number)):
            yield f"{_time(row.next_at)}  next try of {row.step}, which failed {row.tries} times: {row.error}"


def _events(session: Session, number: str) -> Iterator[tuple[datetime, str]]:
    moved = select(Transition).where(Transition.order_number == number)
    for step in session.scalars(moved):
        yield step.at, f"{State(step.state).label}  by {step.actor}  {step.reason}".rstrip()
    for done in session.scalars(select(StepDone).where(StepDone.order_number == number)):
        yield done.at, f"  {done.step}: {done.outcome}  {done.detail}".rstrip()
    for row in promises.of_order(session, number):
        yield row.told_at, f"  promise {row.rule}: {row.amount} {row.unit}, told in {row.message}"
        for moment, word in ((row.warned_at, "escalated"), (row.kept_at, "kept"), (row.broken_at, "broken")):
            if moment is not None:
                yield moment, f"  promise {row.rule} {word}"
    for picture in evidence.of_order(session, number):
        yield picture.at, f"  picture {picture.step}/{picture.name}"


def _retry(sessions: sessionmaker[Session], flows: Flows, number: str, *, at: datetime) -> str:
    """Forget the failures and the refusals, and wake the flow; one that has ended is started from where it is."""
    with sessions.begin() as session:
        look(session, number)
        session.execute(delete(StepTry).where(StepTry.order_number == number))
        refused = delete(StepDone).where(StepDone.order_number == number, StepDone.outcome == "refused")
        session.execute(refused)
        bells.ring(session, number, key=f"{number}:retry:{at.isoformat()}", bell="retry", at=at)
        audit.record(session, kind="flow.retried", subject=f"order:{number}", actor=OPERATOR, data={}, at=at)
    flow = flows.find(number)
    if flow is None:
        flows.start("order", number, {"order": number})
        return f"{number} had no flow; it has one now"
    if flow.status in {"done", "failed", "cancelled"}:
        flows.retry_from(number)
        return f"the flow of {number} was {flow.status}; it runs again"
    return f"the flow of {number} is woken and tries again"


def _replay(sessions: sessionmaker[Session], flows: Flows, number: str, step: str | None, *, at: datetime) -> str:
    flows.retry_from(number, step)
    with sessions.begin() as session:
        data = {"from": step}
        audit.record(session, kind="flow.replayed", subject=f"order:{number}", actor=OPERATOR, data=data, at=at)
    return f"the flow of {number} runs again from {step or 'its start'}; what was done is not done again"


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL):%m-%d %H:%M:%S}"

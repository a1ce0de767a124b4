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
from ticketing.automation.senders import start_or_go_on
from ticketing.automation.store import address, lease_sessions, open_store
from ticketing.config import Settings
from ticketing.db import connect, now, session_factory
from ticketing.personal import vault
from ticketing.recovery import reconcile
from ticketing.work_orders import timeline
from ticketing.work_orders.actors import Role
from ticketing.work_orders.errors import WorkOrderNotFound
from ticketing.work_orders.models import Note
from ticketing.work_orders.numbers import LOCAL
from ticketing.work_orders.reading import log_of
from ticketing.work_orders.service import look
from ticketing.work_orders.states import State
from ticketing.work_orders.timeline import Line

OPERATOR = "operator"
FLOW, ROBOT = Role.FLOW.label, Role.ROBOT.label
PROMISE, PICTURE = "承诺", "截图"


def run(settings: Settings, asked: argparse.Namespace) -> int:
    vault.open(settings.data_key.get_secret_value())
    sessions = session_factory(connect(settings.sqlalchemy_url))
    flows = DbosFlows(open_store(address(settings.sqlalchemy_url, settings.home)))
    try:
        living = lease_sessions(settings.sqlalchemy_url, settings.home)
        for line in answer(sessions, living, flows, asked, at=now()):
            print(line)
    except (WorkOrderNotFound, FlowNotFound, StepNotFound) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


def answer(
    sessions: sessionmaker[Session],
    workers: sessionmaker[Session],
    flows: Flows,
    asked: argparse.Namespace,
    *,
    at: datetime,
) -> Iterator[str]:
    """The lines of an answer. Raises WorkOrderNotFound, FlowNotFound, StepNotFound."""
    if asked.command == "reconciled":
        was_up = reconcile.by_hand(sessions, actor=OPERATOR, at=at)
        yield "work goes on" if was_up else "nothing waits: no restore is open"
    elif asked.command == "list":
        yield from _list(sessions, workers, flows, at=at)
    elif asked.command == "show":
        yield from _show(sessions, flows, asked.order)
    elif asked.command == "retry":
        yield _retry(sessions, flows, asked.order, at=at)
    else:
        yield _replay(sessions, flows, asked.order, asked.step, at=at)


def _list(
    sessions: sessionmaker[Session], workers: sessionmaker[Session], flows: Flows, *, at: datetime
) -> Iterator[str]:
    with workers() as session:
        living = set(leases.alive(session, at=at))
    with sessions() as session:
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
        yield timeline.render(timeline.in_order(*_lines(session, number)))
        for row in session.scalars(select(StepTry).where(StepTry.order_number == number)):
            yield f"{_time(row.next_at)}  next try of {row.step}, which failed {row.tries} times: {row.error}"


def _lines(session: Session, number: str) -> Iterator[list[Line]]:
    """The order's own timeline, and what the flows add: steps, promises, pictures."""
    yield timeline.steps(log_of(session, number))
    yield timeline.notes(session.scalars(select(Note).filter_by(order_number=number).order_by(Note.at)))
    done = session.scalars(select(StepDone).filter_by(order_number=number).order_by(StepDone.id))
    yield [Line(row.at, row.step, FLOW, f"{row.outcome} {row.detail}".strip()) for row in done]
    told = promises.of_order(session, number)
    yield [Line(row.told_at, PROMISE, FLOW, f"{row.rule}: {row.amount} {row.unit}, {row.message}") for row in told]
    yield [
        Line(moment, PROMISE, FLOW, f"{row.rule}: {verdict}")
        for row in told
        for moment, verdict in ((row.warned_at, "escalated"), (row.kept_at, "kept"), (row.broken_at, "broken"))
        if moment is not None
    ]
    yield [Line(row.at, PICTURE, ROBOT, f"{row.step}/{row.name}") for row in evidence.of_order(session, number)]


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
    start_or_go_on(flows, number)
    if flow is None:
        return f"{number} had no flow; it has one now"
    return f"the flow of {number} was {flow.status}; it tries again"


def _replay(sessions: sessionmaker[Session], flows: Flows, number: str, step: str | None, *, at: datetime) -> str:
    flows.retry_from(number, step)
    with sessions.begin() as session:
        data = {"from": step}
        audit.record(session, kind="flow.replayed", subject=f"order:{number}", actor=OPERATOR, data=data, at=at)
    return f"the flow of {number} runs again from {step or 'its start'}; what was done is not done again"


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL):%m-%d %H:%M:%S}"

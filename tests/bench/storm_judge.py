"""Holds what the service made of the storm against the truth that only the generator knows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.bench.storm_town import PREFIX, Call, Fault
from ticketing.outages import network
from ticketing.outages.cluster import Signal, place
from ticketing.outages.models import Outage, OutageReport
from ticketing.outages.schedule import State
from ticketing.outbox.models import OutboxEntry
from ticketing.work_orders.models import WorkOrder

CALLS = 5
"""An outage must be at the right device by the time that so many have called about it."""


@dataclass(frozen=True)
class Row:
    key: str
    node: str | None
    transformer: str | None
    caller: str
    scope: str | None
    at: datetime
    outage: str | None
    order: str | None


def rows(session: Session) -> list[Row]:
    columns = (
        *(OutageReport.key, OutageReport.node, OutageReport.transformer, OutageReport.caller, OutageReport.scope),
        *(OutageReport.at, OutageReport.outage, OutageReport.order_number),
    )
    query = select(*columns).where(OutageReport.key.startswith(PREFIX) | OutageReport.key.startswith("alone-"))
    found = session.execute(query.order_by(OutageReport.at, OutageReport.key)).tuples()
    return [
        Row(key, node, transformer, caller or key, scope, at, outage, order)
        for key, node, transformer, caller, scope, at, outage, order in found
    ]


def lost(calls: Sequence[Call], answered: set[str], recorded: Sequence[Row], session: Session) -> int:
    """Reports without an answer, without a row, or with neither outage nor order; outages without a flow."""
    kept = {row.key: row for row in recorded}
    keys = {call.key for call in calls}
    adrift = sum(row.outage is None and row.order is None for row in recorded)
    unanswered = len(keys - answered)
    without_flow = len(outages(session)) - len(flows(session))
    return unanswered + len(keys - kept.keys()) + adrift + max(0, without_flow)


def outages(session: Session) -> list[Any]:
    """Every outage that was ever placed in the storm, also those merged since."""
    query = select(Outage.id, Outage.node, Outage.state, Outage.started).where(Outage.node.startswith(PREFIX))
    return list(session.execute(query))


def flows(session: Session) -> list[Any]:
    """The flows of outages: one each, however many called."""
    return list(session.execute(select(OutboxEntry.key).where(OutboxEntry.key.startswith("flow:outage:"))))


def placed(
    calls: Sequence[Call], faults: Sequence[Fault], recorded: Sequence[Row], session: Session
) -> tuple[float, float]:
    """Share of faults at the right device when their fifth caller has been recorded: the service's clusterer on what it
    had recorded until then, wrong addresses and strangers included; and one device per call, beside it."""
    tree = network.read(session).tree
    truth = {call.key: call.fault for call in calls}
    signals: list[Signal] = []
    heard: set[str] = set()
    counts: Counter[str] = Counter()
    devices: dict[str, set[str]] = {}
    right = alone = 0
    for row in recorded:
        if row.caller in heard:
            continue
        heard.add(row.caller)
        if row.node is not None:
            signals.append(Signal(row.key, row.node, row.at, row.scope))
        fault = truth.get(row.key)
        if fault is None:
            continue
        counts[fault] += 1
        if counts[fault] <= CALLS and row.transformer:
            devices.setdefault(fault, set()).add(row.transformer)
        if counts[fault] == CALLS:
            found = {each.node for each in place(tree, signals, at=row.at)}
            right += fault in found
            alone += devices.get(fault) == {fault}
    return right / len(faults), alone / len(faults)


def standing(faults: Sequence[Fault], session: Session) -> tuple[float, int]:
    """At the end: share of faults with an active outage at exactly their device; active outages that are none."""
    nodes = {row.node for row in outages(session) if row.state == State.ACTIVE}
    true = {fault.device for fault in faults}
    return len(nodes & true) / len(true), len(nodes - true)


def repeat_answered(calls: Sequence[Call], outcomes: dict[int, str]) -> float:
    """Of all who called about a fault that somebody had called about before: who was told the known outage at once.

    Those whose address says nothing, or something wrong, count as well.
    """
    first: set[str] = set()
    told = repeats = 0
    for number, call in enumerate(calls):
        if call.fault is None:
            continue
        if call.fault in first:
            repeats += 1
            told += outcomes.get(number) == "known"
        first.add(call.fault)
    return told / max(repeats, 1)


def orders(session: Session) -> list[Any]:
    return list(session.execute(select(WorkOrder.number, WorkOrder.state, WorkOrder.created, WorkOrder.kind)))

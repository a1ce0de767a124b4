"""Who rings again about the same dark place is told the order there is; no second crew drives."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.outages import orders
from ticketing.outages.models import OutageReport
from ticketing.outages.urgency import care
from ticketing.work_orders.models import WorkOrder
from ticketing.work_orders.states import State

WITHIN = timedelta(hours=24)
"""An order that is still open after a day is no answer to a new call."""


@dataclass
class Before:
    """The open order of a caller's earlier report, and how often they called about it."""

    number: str
    calls: int


def own_orders(session: Session, callers: Collection[str], *, at: datetime) -> dict[tuple[str, str | None], Before]:
    """By caller and node: the open orders that no outage has taken over. Who had a need of their own is not here."""
    query = (
        select(OutageReport.caller, OutageReport.node, OutageReport.order_number, WorkOrder.state)
        .join(WorkOrder, WorkOrder.number == OutageReport.order_number)
        .where(
            OutageReport.caller.in_(callers),
            OutageReport.node.is_not(None),
            OutageReport.outage.is_(None),
            OutageReport.need.is_(None),
            OutageReport.withdrawn_at.is_(None),
            OutageReport.at > at - WITHIN,
        )
        .order_by(OutageReport.at)
    )
    found: dict[tuple[str, str | None], Before] = {}
    for caller, node, number, state in session.execute(query):
        if number is None or not State(state).is_open:
            continue
        before = found.setdefault((caller or "", node), Before(number, 0))
        before.number, before.calls = number, before.calls + 1
    return found


def again(session: Session, before: Before | None, *, key: str, at: datetime) -> WorkOrder | None:
    """The order that this call is about once more; the third call escalates it."""
    if before is None:
        return None
    before.calls += 1
    cared = care(None, calls=before.calls)
    if cared.escalate:
        orders.escalate(session, before.number, key=f"report:{key}:escalated", reason=cared.why, at=at)
    return session.get_one(WorkOrder, before.number)

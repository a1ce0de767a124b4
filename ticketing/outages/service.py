"""Take reports: a known outage is told, anything else becomes an order.

A report is recorded in one short transaction, many at once when many come (see `intake`). Where the fault is, is
decided a moment later (see `rounds`): until then the customer has an order of their own, which is merged into the
outage's when there is one.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.db import alone
from ticketing.outages.models import Outage, OutageReport
from ticketing.outages.taking import Outcome, Report, Taking
from ticketing.work_orders.models import WorkOrder


def report(session: Session, said: Report, *, at: datetime, joins: bool = True) -> Outcome:
    """Take one report (see `take_all`)."""
    return take_all(session, [said], at=at, joins=joins)[0]


def take_all(session: Session, reports: Sequence[Report], *, at: datetime, joins: bool = True) -> list[Outcome]:
    """Take reports. The same key gets the same outcome. A place that nobody knows still makes an order.

    Without `joins` who calls again has another order.
    """
    alone(session, *(f"outage-report:{said.key}" for said in reports))
    outcomes = _earlier(session, [said.key for said in reports])
    taking = Taking(session, [said for said in reports if said.key not in outcomes], at=at, joins=joins)
    for said in reports:
        if said.key not in outcomes:
            outcomes[said.key] = taking.take(said)
    taking.write()
    return [outcomes[said.key] for said in reports]


def _earlier(session: Session, keys: Sequence[str]) -> dict[str, Outcome]:
    query = select(OutageReport.key, OutageReport.outage, OutageReport.order_number).where(OutageReport.key.in_(keys))
    return {
        key: Outcome(
            session.get(Outage, outage) if outage else None, session.get(WorkOrder, number) if number else None
        )
        for key, outage, number in session.execute(query)
    }

"""How long outages took: the past that an estimate is made from."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.outages.models import NetworkNode, Outage
from ticketing.outages.schedule import Kind, State

REMEMBERED = timedelta(days=365)
MOST = 50


def durations(session: Session, *, kind: str, at: datetime) -> list[timedelta]:
    """From start to restoration, of the newest faults at devices of this kind within a year."""
    query = (
        select(Outage.started, Outage.restored_at)
        .join(NetworkNode, NetworkNode.code == Outage.node)
        .where(
            Outage.kind == Kind.FAULT,
            Outage.state == State.RESTORED,
            Outage.restored_at > at - REMEMBERED,
            NetworkNode.kind == kind,
        )
        .order_by(Outage.restored_at.desc())
        .limit(MOST)
    )
    return [restored - started for started, restored in session.execute(query) if restored]

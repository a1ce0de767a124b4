"""How late escalations are, as another connection sees them: a row counts when it can be read, not when it says it was
written.
"""

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.bench.killing.orders import WARNING, patiently
from ticketing.db import now
from ticketing.work_orders.models import Transition, WorkOrder
from ticketing.work_orders.states import State

LOOK_S = 0.2
ESCALATED = (Transition.state == State.ESCALATED, Transition.reason.like("promise arrival%"))
OVERLAP = 200
"""PostgreSQL may show an older id after a newer one."""


class Witness(threading.Thread):
    """`seen`: when each order's escalation could first be read."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        super().__init__(daemon=True)
        self._sessions, self._last, self.over = sessions, 0, threading.Event()
        self.seen: dict[str, datetime] = {}

    def run(self) -> None:
        while not self.over.wait(LOOK_S):
            patiently(self._look)

    def _look(self) -> None:
        with self._sessions() as session:
            session.connection(execution_options={"reading": True})
            query = select(Transition.id, Transition.order_number).where(
                *ESCALATED, Transition.id > self._last - OVERLAP
            )
            rows = session.execute(query.order_by(Transition.id)).all()
        for row in rows:
            self.seen.setdefault(row.order_number, now())
            self._last = max(self._last, row.id)


def due(sessions: sessionmaker[Session], silent: Iterable[str]) -> dict[str, datetime]:
    """When each silent order must be escalated."""
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        made = select(WorkOrder.number, WorkOrder.created).where(WorkOrder.number.in_(list(silent)))
        return {row.number: row.created + WARNING for row in session.execute(made)}


def errors(due: Mapping[str, datetime], came: Mapping[str, datetime], *, end: datetime) -> list[float]:
    """Seconds between each due time and what came of it, early or late; for what never came, until the `end`. Pure."""
    return [abs((came.get(order, max(end, at)) - at).total_seconds()) for order, at in due.items()]


def while_up(due: Mapping[str, datetime], away: Iterable[tuple[datetime, datetime]]) -> dict[str, datetime]:
    """The due times, those in a time without a database moved to its end: nobody could have written before. Pure."""
    gaps = list(away)
    return {order: max([at, *(back for gone, back in gaps if gone <= at <= back)]) for order, at in due.items()}


def share(values: Iterable[float], at: float) -> float:
    """The value that the share `at` of all does not exceed; 0 for none."""
    ordered = sorted(values)
    return ordered[min(int(at * len(ordered)), len(ordered) - 1)] if ordered else 0.0

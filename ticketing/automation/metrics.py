"""The numbers for Prometheus, read from the tables when they are asked for: orders, promises, steps that fail, workers.

Each scrape reads, so there is nothing to lose when a process is killed, and every process would give the same answer.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector, CollectorRegistry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ticketing.automation.models import StepDone, StepTry, ToldPromise
from ticketing.outbox.models import OutboxEntry
from ticketing.work_orders.models import WorkOrder
from ticketing.work_orders.states import OPEN, State

LONG = timedelta(hours=24)
"""An order open for so long is worth an alarm, whatever it waits for."""


def exposition(session: Session, *, workers: int, at: datetime) -> bytes:
    """The text that Prometheus scrapes. `workers`: how many are alive."""
    registry = CollectorRegistry()
    registry.register(_Tables(session, workers, at))
    return generate_latest(registry)


class _Tables(Collector):
    def __init__(self, session: Session, workers: int, at: datetime) -> None:
        self._session, self._workers, self._at = session, workers, at

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield self._counted("orders", "Work orders", ("kind", "state"), self._orders())
        yield self._counted("flow_steps", "Steps of flows that are over", ("step", "outcome"), self._steps())
        yield self._counted(
            "flow_steps_failing", "Steps that failed and wait for a next try", ("step",), self._failing()
        )
        yield self._counted("promises", "Times told to customers", ("verdict",), self._promises())
        yield self._counted("outbox_open", "Rows of the outbox not sent yet", ("kind",), self._outbox())
        yield self._one("flow_workers", "Workers alive", self._workers)
        yield self._one("orders_open_long", "Open orders older than a day", self._old())
        yield self._one("outbox_oldest_seconds", "Age of the oldest row not sent", self._waiting_s())

    def _counted(
        self, name: str, words: str, labels: tuple[str, ...], rows: Iterable[tuple[tuple[str, ...], int]]
    ) -> GaugeMetricFamily:
        family = GaugeMetricFamily(f"lamplighter_{name}", words, labels=labels)
        for values, count in rows:
            family.add_metric(values, count)
        return family

    def _one(self, name: str, words: str, value: float) -> GaugeMetricFamily:
        return GaugeMetricFamily(f"lamplighter_{name}", words, value=value)

    def _orders(self) -> Iterator[tuple[tuple[str, ...], int]]:
        query = select(WorkOrder.kind, WorkOrder.state, func.count()).group_by(WorkOrder.kind, WorkOrder.state)
        for kind, state, count in self._session.execute(query):
            yield (kind, state), count

    def _steps(self) -> Iterator[tuple[tuple[str, ...], int]]:
        totals: dict[tuple[str, ...], int] = {}
        query = select(StepDone.step, StepDone.outcome, func.count()).group_by(StepDone.step, StepDone.outcome)
        for step, outcome, count in self._session.execute(query):
            name = (step.partition(":")[0], outcome)
            totals[name] = totals.get(name, 0) + count
        yield from totals.items()

    def _failing(self) -> Iterator[tuple[tuple[str, ...], int]]:
        totals: dict[tuple[str, ...], int] = {}
        for step in self._session.scalars(select(StepTry.step)):
            name = (step.partition(":")[0],)
            totals[name] = totals.get(name, 0) + 1
        yield from totals.items()

    def _promises(self) -> Iterator[tuple[tuple[str, ...], int]]:
        for verdict, when in (
            ("running", ToldPromise.check_at.is_not(None)),
            ("kept", ToldPromise.kept_at.is_not(None)),
            ("broken", ToldPromise.broken_at.is_not(None)),
            ("escalated", ToldPromise.warned_at.is_not(None)),
        ):
            yield (verdict,), self._session.scalar(select(func.count()).select_from(ToldPromise).where(when)) or 0

    def _outbox(self) -> Iterator[tuple[tuple[str, ...], int]]:
        waiting = (OutboxEntry.done_at.is_(None), OutboxEntry.given_up_at.is_(None))
        query = select(OutboxEntry.kind, func.count()).where(*waiting).group_by(OutboxEntry.kind)
        for kind, count in self._session.execute(query):
            yield (kind,), count

    def _old(self) -> int:
        states = [state for state in State if state in OPEN]
        old = (WorkOrder.state.in_(states), WorkOrder.created < self._at - LONG)
        return self._session.scalar(select(func.count()).select_from(WorkOrder).where(*old)) or 0

    def _waiting_s(self) -> float:
        waiting = (OutboxEntry.done_at.is_(None), OutboxEntry.given_up_at.is_(None))
        oldest = self._session.scalar(select(func.min(OutboxEntry.created)).where(*waiting))
        return (self._at - oldest).total_seconds() if oldest else 0.0

"""Who of the workers is alive. Each beats in the database all share; who falls silent has its flows adopted.

A worker that was only slow, and finds itself adopted, stops at once: its flows run elsewhere by then. What it still did
in between repeats nothing outside, because every effect carries its key, and the engine refuses its records.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ticketing.automation.models import Worker

BEAT_S = 1.0
SILENT_AFTER = timedelta(seconds=6)
"""Six beats missed: a database that restarts, or a core that is busy, must not look like a death; and with the second
until somebody looks, and the queue's pause, the orders of the dead are adopted within ten."""
REMEMBERED = timedelta(minutes=2)
"""The dead are asked again for so long: a worker that was only slow may have taken a flow after it was adopted."""


class LeaseLost(RuntimeError):
    """Others hold this worker for dead and have its flows: it must stop."""


def register(session: Session, executor: str, *, at: datetime) -> None:
    session.add(Worker(executor=executor, started=at, beat_at=at))


def beat(session: Session, executor: str, *, at: datetime) -> None:
    """Say that `executor` lives. Raises LeaseLost."""
    mine = (Worker.executor == executor, Worker.adopted_at.is_(None))
    kept = session.execute(update(Worker).where(*mine).values(beat_at=at).returning(Worker.executor))
    if kept.one_or_none() is None:
        raise LeaseLost(executor)


def dead(session: Session, *, at: datetime) -> Sequence[str]:
    """Those whose flows must be adopted, the newly silent and those of the last minutes once more."""
    silent = Worker.beat_at < at - SILENT_AFTER
    return session.scalars(select(Worker.executor).where(silent).order_by(Worker.beat_at)).all()


def mark_adopted(session: Session, executors: Sequence[str], *, at: datetime) -> None:
    """Close their leases before their flows are taken."""
    fresh = (Worker.executor.in_(executors), Worker.adopted_at.is_(None), Worker.beat_at < at - SILENT_AFTER)
    session.execute(update(Worker).where(*fresh).values(adopted_at=at))


def forget(session: Session, *, at: datetime) -> None:
    """Who has been dead for long is asked no more."""
    session.execute(delete(Worker).where(Worker.adopted_at < at - REMEMBERED))


def leave(session: Session, executors: Sequence[str]) -> None:
    """Workers that stop by themselves, or that somebody saw die, let others have their flows at once."""
    open_ones = (Worker.executor.in_(executors), Worker.adopted_at.is_(None))
    session.execute(update(Worker).where(*open_ones).values(beat_at=datetime.fromtimestamp(0).astimezone()))


def alive(session: Session, *, at: datetime) -> Sequence[str]:
    living = (Worker.adopted_at.is_(None), Worker.beat_at >= at - SILENT_AFTER)
    return session.scalars(select(Worker.executor).where(*living).order_by(Worker.started)).all()

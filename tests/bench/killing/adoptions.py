"""How long a dead worker's orders are nobody's: each is watched from the death until another worker goes on with it.

An order that was in the middle of its steps is gone on with when its next step is on record; one that waited for a
bell, when another worker holds it and waits in its place. One whose next worker dies before that counts on from the
first death. None is left out: one that is never gone on with counts until the end.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

LOOK_S = 0.2
PROGRESS = (
    "SELECT s.workflow_uuid AS id, s.status AS status, s.executor_id AS worker, count(o.function_id) AS steps,"
    " coalesce(max(o.function_id) - min(o.function_id) + 1, 0) AS numbered"
    " FROM {schema}workflow_status s LEFT JOIN {schema}operation_outputs o ON o.workflow_uuid = s.workflow_uuid"
    " WHERE {which} GROUP BY s.workflow_uuid, s.status, s.executor_id"
)
HELD = "s.status = 'PENDING' AND s.executor_id LIKE :who"


class Progress(Protocol):
    """A row of PROGRESS."""

    @property
    def status(self) -> str: ...
    @property
    def worker(self) -> str: ...
    @property
    def steps(self) -> int: ...


@dataclass(frozen=True)
class Orphan:
    """An order whose worker died at `died` (monotonic), with so many steps on record. A wait has its end's number on
    record and its own not yet, so the numbers have a gap.
    """

    worker: str
    died: float
    steps: int
    waits: bool


class Adoptions(threading.Thread):
    """`took`: seconds, one for each order of each dead worker that is gone on with."""

    def __init__(self, store: Engine) -> None:
        super().__init__(daemon=True)
        self._store, self._lock, self.over = store, threading.Lock(), threading.Event()
        self._schema = "" if store.dialect.name == "sqlite" else "dbos."
        self._orphans: dict[str, Orphan] = {}
        self.took: list[float] = []

    def died(self, pid: int) -> None:
        """The worker process `pid` has just been killed."""
        at = time.monotonic()
        rows = self._progress(HELD, who=f"%-{pid}-%")
        with self._lock:
            for row in rows:
                orphan = Orphan(row.worker, at, row.steps, waits=row.steps < row.numbered)
                self._orphans.setdefault(row.id, orphan)

    def run(self) -> None:
        while not self.over.wait(LOOK_S):
            self._look()

    def left(self) -> list[float]:
        """Seconds so far, of the orders that nobody has gone on with."""
        with self._lock:
            return [time.monotonic() - orphan.died for orphan in self._orphans.values()]

    def _look(self) -> None:
        with self._lock:
            ids = list(self._orphans)
        if not ids:
            return
        rows = self._progress("s.workflow_uuid IN :ids", ids=ids)
        at = time.monotonic()
        with self._lock:
            for row in rows:
                if goes_on(row, self._orphans[row.id]):
                    self.took.append(at - self._orphans.pop(row.id).died)

    def _progress(self, which: str, **values: object) -> Sequence[Any]:
        query = sa.text(PROGRESS.format(schema=self._schema, which=which))
        if "ids" in values:
            query = query.bindparams(sa.bindparam("ids", expanding=True))
        while True:
            try:
                with self._store.connect() as connection:
                    return connection.execute(query, values).all()
            except DBAPIError:  # it is being restarted
                time.sleep(0.1)


def goes_on(row: Progress, orphan: Orphan) -> bool:
    """Whether another worker has gone on with the orphan. Pure."""
    if row.status in {"SUCCESS", "CANCELLED"}:
        return True  # it is over, and only another worker can have ended it; an ERROR has to be revived first
    taken = row.status == "PENDING" and row.worker != orphan.worker
    return taken and (orphan.waits or row.steps != orphan.steps)

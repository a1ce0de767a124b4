"""The engine from inside on DBOS: one process that runs flows, under an executor id of its own."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import chain, repeat
from typing import Any

import structlog
from dbos import DBOS, DBOSConfig
from dbos._serialization import DBOSPortableJSON
from sqlalchemy import func, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ticketing.automation.dbos_flows import APPLICATION, QUEUE, TOPIC, VERSION
from ticketing.automation.port import Flow, Json

QUEUE_PAUSE_S = 0.2
BELL_PAUSE_S = 0.5
"""How long a signal may lie before SQLite is asked for it; PostgreSQL tells at once."""
THREADS = {"sqlite": 6, "postgresql": 24}
"""Steps at work at the same time. Flows that wait hold no thread; SQLite writes one after the other anyway."""
SHARE, SHARE_PAUSE_S = 8, 0.1
"""So many of the flows of the dead go back into the queue at a time; workers that ask each QUEUE_PAUSE_S take turns."""
MOST_RECOVERIES = 100
"""A flow that took so many workers down with it ends as failed: it shows in `list` and in the metrics."""

log = structlog.get_logger("ticketing.automation.engine")


class DbosRun:
    """`Run` on DBOS."""

    async def step(self, name: str, work: Callable[[], Json]) -> Json:
        return await DBOS.run_step_async({"name": name}, partial(patiently, work))

    async def bell(self, *, until: datetime) -> str | None:
        # The first deadline is what DBOS keeps: a flow resumed later waits for the rest of it only.
        left = (until - datetime.now(UTC)).total_seconds()
        bell: str | None = await DBOS.recv_async(TOPIC, timeout_seconds=max(left, 0.0))
        return bell


class DbosWorker:
    """Runs flows until `stop`. There can be one in a process: DBOS keeps its state in the class."""

    def __init__(self, store: Engine, *, executor: str, flows: Mapping[str, Flow]) -> None:
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_url": store.url.render_as_string(hide_password=False),
            "system_database_engine": store,
            "application_version": VERSION,
            "executor_id": executor,
            "serializer": DBOSPortableJSON,
            "log_level": "WARNING",
            "max_executor_threads": THREADS[store.dialect.name],
            "notification_listener_polling_interval_sec": BELL_PAUSE_S,
        }
        self._dbos = DBOS(config=config)
        for name, flow in flows.items():
            _register(name, flow)

    def launch(self) -> None:
        """Make the engine's tables where they are missing, and begin to take flows."""
        DBOS.launch()
        DBOS.register_queue(QUEUE, polling_interval_sec=QUEUE_PAUSE_S)

    def adopt(self, dead: str) -> int:
        """Put what the executor `dead` was running back into the queue; returns how many. Idempotent.

        A few at a time, so that all who live share them: whoever asks the queue next takes all that is there, and one
        process with every order is slow with each (seen: 75 at once, half a minute until their next steps).
        """
        adopted = 0
        while taken := self._put_back(dead, at_most=SHARE):
            adopted += taken
            time.sleep(SHARE_PAUSE_S)
        return adopted

    def _put_back(self, dead: str, *, at_most: int) -> int:
        """What DBOS's own recovery does (private too), which takes a transaction for each flow and all of them at once.

        tests/ticketing/automation/test_adoption.py holds it to what is needed here.
        """
        system = self._dbos._sys_db
        flows = system.tables.workflow_status
        theirs = (flows.c.executor_id == dead, flows.c.status == "PENDING", flows.c.application_version == VERSION)
        some = select(flows.c.workflow_uuid).where(*theirs).limit(at_most).with_for_update(skip_locked=True)
        again = {"status": "ENQUEUED", "owner_xid": None, "started_at_epoch_ms": None}
        queue = {"queue_name": func.coalesce(flows.c.queue_name, QUEUE), "updated_at": int(time.time() * 1000)}
        with system.engine.begin() as connection:
            ids = connection.scalars(some).all()
            mine = (flows.c.workflow_uuid.in_(ids), *theirs)
            return connection.execute(update(flows).where(*mine).values(**again, **queue)).rowcount if ids else 0

    def stop(self) -> None:
        """Stop taking flows; what is running is resumed by the next worker."""
        DBOS.destroy(workflow_completion_timeout_sec=0)


def patiently(work: Callable[[], Json]) -> Json:
    """Do `work`, again and again while our own database is away. An error would be kept as the step's result, and end
    the flow; a database that restarts is no result.
    """
    pauses = chain((0.2, 0.5, 1.0), repeat(2.0))
    while True:
        try:
            return work()
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            log.warning("database_away", error=type(error).__name__)
            time.sleep(next(pauses))


def _register(name: str, flow: Flow) -> None:
    @DBOS.workflow(name=name, max_recovery_attempts=MOST_RECOVERIES)
    async def run(facts: dict[str, Any]) -> None:
        await flow(DbosRun(), facts)

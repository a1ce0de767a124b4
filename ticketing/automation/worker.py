"""`python -m ticketing.automation worker`: one process that runs flows. Several may run, on one machine or on many."""

import asyncio
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from types import FrameType

import structlog
import uvicorn
from fastapi import FastAPI, Response
from sqlalchemy.orm import Session, configure_mappers, sessionmaker

from ticketing.automation import senders, succession, watch, wiring
from ticketing.automation.acts import Outside
from ticketing.automation.book import Book
from ticketing.automation.dbos_flows import DbosFlows
from ticketing.automation.dbos_worker import DbosWorker, patiently
from ticketing.automation.flow import order_flow
from ticketing.automation.life import Life
from ticketing.automation.senders import ORDER
from ticketing.automation.store import address, lease_sessions, open_store
from ticketing.background import repeat
from ticketing.config import Settings
from ticketing.db import connect, now, session_factory
from ticketing.outbox.drainer import Drainer
from ticketing.personal import vault
from ticketing.recovery import fence, reconcile

OUTBOX_PAUSE_S = 0.25
OUTBOX_LEASE_S = 5.0
"""Starting a flow is one local insert: what a dead worker had claimed is free again as soon as its flows are."""
WATCH_PAUSE_S = 0.5
RECONCILE_PAUSE_S = 2.0
REVIVE_PAUSE_S = 5.0

log = structlog.get_logger("ticketing.automation.worker")


@dataclass(frozen=True)
class Ready:
    """What every life needs and takes a while to make. Nothing of it is open: it is made before the fork."""

    settings: Settings
    sessions: sessionmaker[Session]
    book: Book
    world: Outside


def run(settings: Settings, *, host: str, port: int) -> int:
    """Work until SIGTERM or SIGINT, one worker after the other if they die; returns the exit status."""
    vault.open(settings.data_key.get_secret_value())
    configure_mappers()
    sessions = session_factory(connect(settings.sqlalchemy_url))
    world = wiring.outside(settings, memory=fence.memory(sessions))
    ready = Ready(settings, sessions, wiring.book(settings), world)
    return succession.keep(partial(live, ready, host=host, port=port))


def live(ready: Ready, executor: str, dead: Sequence[str], *, host: str, port: int) -> int:
    """One worker's life. `dead`: its predecessors, who are certainly dead."""
    settings = ready.settings
    store = open_store(address(settings.sqlalchemy_url, settings.home))
    desk = wiring.order_desk(settings, ready.sessions, ready.book, world=ready.world)
    worker = DbosWorker(store, executor=executor, flows={ORDER: order_flow(desk)})
    signal.signal(signal.SIGTERM, _end)
    life = Life(lease_sessions(settings.sqlalchemy_url, settings.home), executor, adopt=worker.adopt)
    patiently(partial(life.begin, after=dead))

    def launch() -> uvicorn.Server:
        """The engine, and where its health answers."""
        worker.launch()
        life.watch_others()
        log.info("worker_up", executor=executor, port=port)
        service = health(life, executor)
        return uvicorn.Server(uvicorn.Config(service, host=host, port=port, log_level="warning", access_log=False))

    try:
        asyncio.run(_work(ready, DbosFlows(store), launch=launch))
    finally:
        life.end()
        worker.stop()
    return 0


def _end(number: int, frame: FrameType | None) -> None:
    """Uvicorn ends well on SIGTERM, and then raises it again: with Python's own handler the lease would not be left."""
    sys.exit(0)


async def _work(ready: Ready, flows: DbosFlows, *, launch: Callable[[], uvicorn.Server]) -> None:
    drainer = Drainer(ready.sessions, senders.senders(flows), lease_s=OUTBOX_LEASE_S)
    # A thread of its own: behind a batch of the outbox a deadline would wait for all of it.
    watching = ThreadPoolExecutor(1, "promises")

    async def look() -> int:
        at_it = partial(watch.look, ready.sessions, at=now(), is_working=ready.book.is_working)
        return await asyncio.get_running_loop().run_in_executor(watching, at_it)

    async def ask_outside() -> int:
        return await asyncio.to_thread(reconcile.round, ready.sessions, wiring.systems(ready.world), at=now())

    async def revive() -> int:
        await asyncio.to_thread(senders.revive, flows)
        return 0  # one that falls again waits for the next round

    # Before the engine is up: where all workers have just been killed, deadlines wait for nothing else.
    tasks = [asyncio.create_task(repeat(look, pause_s=WATCH_PAUSE_S, name="promises"))]
    try:
        server = await asyncio.to_thread(launch)
        tasks += [
            asyncio.create_task(repeat(drainer.drain, pause_s=OUTBOX_PAUSE_S, name="flows")),
            asyncio.create_task(repeat(revive, pause_s=REVIVE_PAUSE_S, name="revival")),
            asyncio.create_task(repeat(ask_outside, pause_s=RECONCILE_PAUSE_S, name="reconciliation")),
        ]
        await server.serve()  # uvicorn takes SIGTERM and SIGINT
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def health(life: Life, executor: str) -> FastAPI:
    """`GET /health` for the supervisor: 200 while the others count with this worker."""
    service = FastAPI(title="Lamplighter flow worker", docs_url=None, redoc_url=None, openapi_url=None)

    @service.get("/health")
    def well(response: Response) -> dict[str, str]:
        response.status_code = 200 if life.is_well() else 503
        return {"status": "ok" if life.is_well() else "its lease is not renewed", "executor": executor}

    return service

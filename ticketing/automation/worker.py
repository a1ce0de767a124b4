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
WATCH_PAUSE_S = 0.25
RECONCILE_PAUSE_S = 2.0
REVIVE_PAUSE_S = 5.0

log = structlog.get_logger("ticketing.automation.worker")


def run(settings: Settings, *, host: str, port: int) -> int:
    """Work until SIGTERM or SIGINT, one worker after the other if they die; returns the exit status.

    What is made here is made once, for all of them: it must open nothing, for they would share what is open.
    """
    vault.open(settings.data_key.get_secret_value())
    configure_mappers()
    return succession.keep(partial(live, settings, wiring.book(settings), host=host, port=port))


def live(settings: Settings, book: Book, executor: str, dead: Sequence[str], *, host: str, port: int) -> int:
    """One worker's life. `dead`: its predecessors, who are certainly dead."""
    signal.signal(signal.SIGTERM, _end)
    sessions = session_factory(connect(settings.sqlalchemy_url))
    store = open_store(address(settings.sqlalchemy_url, settings.home))
    life = Life(lease_sessions(settings.sqlalchemy_url, settings.home), executor)
    patiently(partial(life.begin, after=dead))
    engines: list[DbosWorker] = []

    def launch() -> Started:
        world = patiently(lambda: wiring.outside(settings, memory=fence.memory(sessions)))
        desk = wiring.order_desk(settings, sessions, book, world=world)
        engines.append(DbosWorker(store, executor=executor, flows={ORDER: order_flow(desk)}))
        engines[0].launch()
        life.watch_others(engines[0].adopt)
        log.info("worker_up", executor=executor, port=port)
        service = health(life, executor)
        config = uvicorn.Config(service, host=host, port=port, log_level="warning", access_log=False)
        return Started(world, DbosFlows(store), uvicorn.Server(config))

    try:
        asyncio.run(_work(sessions, book, launch=launch))
    finally:
        life.end()
        for engine in engines:
            engine.stop()
    return 0


@dataclass(frozen=True)
class Started:
    """What takes a worker a moment to have; `server` is where its health answers."""

    world: Outside
    flows: DbosFlows
    server: uvicorn.Server


def _end(number: int, frame: FrameType | None) -> None:
    """Uvicorn ends well on SIGTERM, and then raises it again: with Python's own handler the lease would not be left."""
    sys.exit(0)


async def _work(sessions: sessionmaker[Session], book: Book, *, launch: Callable[[], Started]) -> None:
    # A thread of its own: behind a batch of the outbox a deadline would wait for all of it. And the first of all: where
    # every worker has just been killed, deadlines wait for no engine.
    watching = ThreadPoolExecutor(1, "promises")

    async def look() -> int:
        at_it = partial(watch.look, sessions, at=now(), is_working=book.is_working)
        return await asyncio.get_running_loop().run_in_executor(watching, at_it)

    tasks = [asyncio.create_task(repeat(look, pause_s=WATCH_PAUSE_S, name="promises"))]
    try:
        started = await asyncio.to_thread(launch)
        tasks += _background(sessions, started)
        await started.server.serve()  # uvicorn takes SIGTERM and SIGINT
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _background(sessions: sessionmaker[Session], started: Started) -> "list[asyncio.Task[None]]":
    drainer = Drainer(sessions, senders.senders(started.flows), lease_s=OUTBOX_LEASE_S)

    async def ask_outside() -> int:
        return await asyncio.to_thread(reconcile.round, sessions, wiring.systems(started.world), at=now())

    async def revive() -> int:
        await asyncio.to_thread(senders.revive, started.flows)
        return 0  # one that falls again waits for the next round

    return [
        asyncio.create_task(repeat(drainer.drain, pause_s=OUTBOX_PAUSE_S, name="flows")),
        asyncio.create_task(repeat(revive, pause_s=REVIVE_PAUSE_S, name="revival")),
        asyncio.create_task(repeat(ask_outside, pause_s=RECONCILE_PAUSE_S, name="reconciliation")),
    ]


def health(life: Life, executor: str) -> FastAPI:
    """`GET /health` for the supervisor: 200 while the others count with this worker."""
    service = FastAPI(title="Lamplighter flow worker", docs_url=None, redoc_url=None, openapi_url=None)

    @service.get("/health")
    def well(response: Response) -> dict[str, str]:
        response.status_code = 200 if life.is_well() else 503
        return {"status": "ok" if life.is_well() else "its lease is not renewed", "executor": executor}

    return service

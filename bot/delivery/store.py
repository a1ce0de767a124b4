"""The front door's database: one writer thread that groups what waits into one commit, and readers beside it.

A commit costs a disk flush (synchronous=FULL). All writes that wait while one flush runs share the next one, so
fifty conversations cost hardly more flushes than one, and each caller still goes on only when its own rows are safe.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from bot.delivery.cipher import Cipher
from bot.delivery.tables import metadata
from bot.errors import StoreUnavailable

log = structlog.get_logger("bot")

BUSY_TIMEOUT_MS = 5_000
STATEMENT_TIMEOUT_MS = 5_000
GROUP = 64
"""Most writes in one commit."""
SCHEMA = "bot"
SCHEMA_LOCK = 955_98_001
"""PostgreSQL advisory lock: two processes that start together must not both create the schema."""

type Work[T] = Callable[[Connection], T]
type Waiting = tuple[Work[Any], Future[Any], bool]
"""A write, its future, and whether it may be lazy."""


class Store:
    """`write` and `read` take a function of a connection. A write may be run twice, but is never kept half."""

    def __init__(self, url: str, *, cipher: Cipher) -> None:
        self.cipher = cipher
        self.is_shared = not url.startswith("sqlite")
        self.engine = _sqlite(url) if not self.is_shared else _postgresql(url)
        self._waiting: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write_on, name="store-writer", daemon=True)

    def open(self) -> None:
        """Create what is missing and start the writer. Raises StoreUnavailable."""
        try:
            with self.engine.begin() as connection:
                if self.is_shared:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": SCHEMA_LOCK})
                    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
                metadata.create_all(connection)
                for table in metadata.tables.values():  # a database of an older version has the table, not its indexes
                    for index in table.indexes:
                        index.create(connection, checkfirst=True)
        except SQLAlchemyError as error:
            log.error("store_not_opened", error=type(error).__name__, cause=str(getattr(error, "orig", "")))
            raise StoreUnavailable() from error
        self._writer.start()

    def close(self) -> None:
        if self._writer.is_alive():
            self._waiting.put(None)
            self._writer.join()
        self.engine.dispose()

    def submit[T](self, work: Work[T], *, lazy: bool = False) -> asyncio.Future[T]:
        """Queue a write now, behind those queued before; the future ends when its rows are on disk.

        A lazy one does not wait for the disk: it survives the death of the process, perhaps not that of the machine.
        It is for what would be found out or done again, harmlessly.
        """
        done: Future[T] = Future()
        self._waiting.put((work, done, lazy))
        return asyncio.wrap_future(done)

    async def write[T](self, work: Work[T], *, lazy: bool = False) -> T:
        """Run `work` in a transaction and return when it is on disk (see `submit`). Raises StoreUnavailable."""
        return await self.submit(work, lazy=lazy)

    async def read[T](self, work: Work[T]) -> T:
        """Run `work` beside the writer. Raises StoreUnavailable."""
        return await asyncio.to_thread(self._read, work)

    def _read[T](self, work: Work[T]) -> T:
        try:
            with self.engine.connect().execution_options(reading=True) as connection:
                return work(connection)
        except DBAPIError as error:
            raise _unavailable(error) from error

    def _write_on(self) -> None:
        while (first := self._waiting.get()) is not None:
            group = [first]
            while len(group) < GROUP and not self._waiting.empty():
                following = self._waiting.get()
                if following is None:
                    self._waiting.put(None)
                    break
                group.append(following)
            self._commit(group)

    def _commit(self, group: list[Waiting]) -> None:
        """All in one transaction; when one of several fails, each in a transaction of its own."""
        try:
            lazy = all(lazy for _, _, lazy in group)
            with self.engine.connect().execution_options(lazy=lazy) as connection, connection.begin():
                results = [work(connection) for work, _, _ in group]
        except Exception as error:
            if len(group) > 1:
                for single in group:
                    self._commit([single])
            else:
                _settle(group[0][1], error=_unavailable(error) if isinstance(error, DBAPIError) else error)
            return
        for (_, done, _), result in zip(group, results, strict=True):
            _settle(done, result=result)


def _settle(done: Future[Any], *, result: Any = None, error: Exception | None = None) -> None:
    if not done.set_running_or_notify_cancel():
        return
    if error is None:
        done.set_result(result)
    else:
        done.set_exception(error)


def _unavailable(error: DBAPIError) -> StoreUnavailable:
    log.error("store_unavailable", error=type(error.orig).__name__, cause=str(error.orig).splitlines()[:1])
    return StoreUnavailable()


def _sqlite(url: str) -> Engine:
    Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=8,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: pysqlite begins too late
        for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_TIMEOUT_MS}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        connection.exec_driver_sql(f"PRAGMA synchronous={'NORMAL' if options.get('lazy') else 'FULL'}")
        connection.exec_driver_sql("BEGIN" if options.get("reading") else "BEGIN IMMEDIATE")

    return engine


def _postgresql(url: str) -> Engine:
    options = f"-c search_path={SCHEMA} -c statement_timeout={STATEMENT_TIMEOUT_MS} -c timezone=UTC"
    arguments = {"connect_timeout": 3, "options": options}
    engine = create_engine(url, pool_size=8, pool_pre_ping=True, connect_args=arguments)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("lazy"):
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")

    return engine

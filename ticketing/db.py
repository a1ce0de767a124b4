"""Database engine and sessions: SQLite in WAL mode, or PostgreSQL, behind the same code.

The request owns the transaction: a service flushes, the dependency commits, before the answer leaves.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import Dialect, create_engine, event, func, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import DateTime, TypeDecorator

from ticketing.line import Line

BUSY_TIMEOUT_MS = 10_000
STATEMENT_TIMEOUT_MS = 10_000
KEPT_CONNECTIONS = 20
"""Of SQLite: those beyond are opened for one use, four pragmas each, which a crowd would pay at every turn."""
IN_LINE = "in the line of writers"


class Base(DeclarativeBase):
    """The declarative base of every table of ticketing."""


class Moment(TypeDecorator[datetime]):
    """An aware time, stored in UTC (SQLite keeps no zone), returned in UTC. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def connect(url: str) -> Engine:
    """Make the engine for `url`; nothing is opened until it is used."""
    if url.startswith("sqlite"):
        return _sqlite(url)
    options = f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c timezone=UTC"
    return create_engine(
        url, pool_size=10, max_overflow=10, pool_pre_ping=True, connect_args={"connect_timeout": 5, "options": options}
    )


def _sqlite(url: str) -> Engine:
    engine = create_engine(
        url,
        pool_size=KEPT_CONNECTIONS,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: pysqlite begins too late
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
            connection.execute(f"PRAGMA {pragma}")

    line = Line()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("reading", False):
            connection.exec_driver_sql("BEGIN")
            return
        if IN_LINE not in connection.info and line.enter(patience_s=BUSY_TIMEOUT_MS / 1000):
            connection.info[IN_LINE] = True
        # IMMEDIATE takes the write lock at once: a read that turns into a write never meets SQLITE_BUSY.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "checkin")
    def leave(_: object, record: ConnectionPoolEntry) -> None:
        if record.info.pop(IN_LINE, False):
            line.leave()

    return engine


def session_factory(engine: Engine) -> sessionmaker[Session]:
    return sessionmaker(engine, expire_on_commit=False)


def _writing(request: Request) -> Iterator[Session]:
    factory: sessionmaker[Session] = request.app.state.sessions
    with factory.begin() as session:
        yield session


def _reading(request: Request) -> Iterator[Session]:
    factory: sessionmaker[Session] = request.app.state.sessions
    with factory() as session:
        session.connection(execution_options={"reading": True})
        yield session


# scope="function": the transaction ends before the answer is sent, so an answer is never ahead of its commit.
Writing = Annotated[Session, Depends(_writing, scope="function")]
Reading = Annotated[Session, Depends(_reading, scope="function")]


def now() -> datetime:
    """The present in UTC. Services take `at`; only endpoints and drainers ask the clock."""
    return datetime.now(UTC)


def alone(session: Session, *names: str) -> None:
    """Let no other transaction past this line with one of `names` until this one ends.

    PostgreSQL takes advisory locks, in one order for all; on SQLite a writing transaction is alone anyway.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    for key in sorted({int.from_bytes(sha256(name.encode()).digest()[:8], signed=True) for name in names}):
        session.execute(select(func.pg_advisory_xact_lock(key)))

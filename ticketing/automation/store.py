"""Where the engine keeps its flows: a SQLite file of its own, or the schema `dbos` of the PostgreSQL that all share.

In one SQLite file with the business, both would wait for the one write lock: measured at 167 reports a second, the
p95 of an answer was 235 ms in one file and 4 ms in two.
"""

import time
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Dialect, Table, create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.schema import CreateTable

from ticketing.automation.models import Worker
from ticketing.db import connect, session_factory

BUSY_TIMEOUT_MS = 30_000
POOL = 10
AWAY_S = 60.0
"""A database that is away for longer is left to DBOS, and to the revival of flows (`senders.revive`)."""


def address(database_url: str, home: Path) -> str:
    """The engine's database, from ticketing's SQLAlchemy address and the data directory."""
    return f"sqlite:///{home / 'flows.db'}" if database_url.startswith("sqlite") else database_url


def lease_sessions(database_url: str, home: Path) -> sessionmaker[Session]:
    """Where the workers beat. With SQLite a third file: a heartbeat that waits for the busy write lock of the business
    looks like a death (seen at a load of 15 on two cores). PostgreSQL locks rows, so it keeps them in the business.
    """
    if not database_url.startswith("sqlite"):
        return session_factory(connect(database_url))
    engine = connect(f"sqlite:///{home / 'workers.db'}")
    table = Worker.__table__
    assert isinstance(table, Table)
    made = str(CreateTable(table, if_not_exists=True).compile(dialect=engine.dialect))

    @event.listens_for(engine, "connect")
    def make(connection: Any, _: object) -> None:
        connection.execute(made)

    return session_factory(engine)


def open_store(url: str) -> Engine:
    """An engine as DBOS needs it; nothing is opened until it is used."""
    if not url.startswith("sqlite"):
        engine = create_engine(url, pool_size=POOL, max_overflow=POOL, pool_pre_ping=True)
        event.listen(engine, "do_connect", _patiently)
        return engine
    engine = create_engine(
        url,
        pool_size=POOL,
        max_overflow=POOL,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = "IMMEDIATE"  # as DBOS opens its own: a write takes the lock when it begins
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
            connection.execute(f"PRAGMA {pragma}")
        # DBOS 3.4 has `unixepoch('subsec')` in its columns' defaults, which SQLite knows since 3.42; Debian 12 has
        # 3.40, where the first insert fails.
        connection.create_function("unixepoch", 1, _unixepoch)

    return engine


def _patiently(dialect: Dialect, _: object, args: Any, parameters: Any) -> Any:
    """Connect, also to a PostgreSQL that is just starting: DBOS takes a refused connection for the flow's own error."""
    end = time.monotonic() + AWAY_S
    while True:
        try:
            return dialect.connect(*args, **parameters)
        except psycopg.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.3)


def _unixepoch(modifier: str) -> float:
    if modifier != "subsec":
        raise ValueError(f"unixepoch('{modifier}') is not needed by anybody here")
    return time.time()

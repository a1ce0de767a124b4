"""Where the engine keeps its flows: a SQLite file of its own, or the schema `dbos` of the PostgreSQL that all share.

In one SQLite file with the business, both would wait for the one write lock: measured at 167 reports a second, the
p95 of an answer was 235 ms in one file and 4 ms in two.
"""

import time
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine

BUSY_TIMEOUT_MS = 30_000
POOL = 10


def address(database_url: str, home: Path) -> str:
    """The engine's database, from ticketing's SQLAlchemy address and the data directory."""
    return f"sqlite:///{home / 'flows.db'}" if database_url.startswith("sqlite") else database_url


def open_store(url: str) -> Engine:
    """An engine as DBOS needs it; nothing is opened until it is used."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=POOL, max_overflow=POOL, pool_pre_ping=True)
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


def _unixepoch(modifier: str) -> float:
    if modifier != "subsec":
        raise ValueError(f"unixepoch('{modifier}') is not needed by anybody here")
    return time.time()

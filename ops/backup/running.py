"""Is anybody at work on the data? `make run` holds a lock as long as it lives; flow workers beat in the database."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.backup.manifest import Refused
from ops.backup.stores import Store
from ops.backup.ticketing import workers_alive
from ops.home import hold


@contextmanager
def standing_still(home: Path, every: list[Store]) -> Iterator[None]:
    """Keep everybody from the stores. Raises Refused while something runs on them."""
    handle = hold(home)
    if handle is None:
        raise Refused(f"Lamplighter is running on {home}: stop it first (Ctrl-C where `make run` stands).")
    try:
        _check_workers(home, every)
        yield
    finally:
        os.close(handle)


def _check_workers(home: Path, every: list[Store]) -> None:
    ticketing = next(store for store in every if "ticketing" in store.names)
    if ticketing.is_sqlite and not (home / "workers.db").exists():
        return
    if living := workers_alive(ticketing.address, home):
        raise Refused(f"Flow workers are at work on this database ({', '.join(living)}): stop them first.")

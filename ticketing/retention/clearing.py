"""Empties a store batch by batch: a short transaction each, with its own line in the audit trail.

Killed at any moment, what was committed is erased and recorded, and the next run goes on with the rest.
"""

import time
from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session, sessionmaker

from ticketing.db import alone, now
from ticketing.retention import holds
from ticketing.retention.scope import Key, Scope, Store

BATCH = 200
"""Rows of a transaction: on SQLite it keeps other writers out for some 10 ms."""
PAUSE_S = 0.005
"""Between two transactions, so that others get their turn."""

type Wrote = Callable[[Session, int], None]
"""Told in the batch's transaction how many rows it emptied: there it writes that down."""


def clear(sessions: sessionmaker[Session], store: Store, scope: Scope, *, wrote: Wrote, batch: int = BATCH) -> int:
    """Empty all of `scope` that is not held; returns how many rows."""
    total, after = 0, None
    while keys := _pick(sessions, store, scope, after=after, batch=batch):
        with sessions.begin() as session:
            alone(session, holds.TURN)
            count = store.wipe(session, keys, scope, held=holds.held(session), at=now())
            if count:
                wrote(session, count)
        if not count:  # held since we looked, or somebody else did it: the next run sees
            break
        total, after = total + count, keys[-1]
        time.sleep(PAUSE_S)
    return total


def _pick(
    sessions: sessionmaker[Session], store: Store, scope: Scope, *, after: Key | None, batch: int
) -> Sequence[Key]:
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        return store.pick(session, scope, held=holds.held(session), after=after, limit=batch)

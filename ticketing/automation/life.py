"""A worker's heartbeat and its eye on the others, in threads of their own, so that no slow flow can stop them."""

import os
import threading
import time
from collections.abc import Callable, Sequence

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, sessionmaker

from ticketing.automation import leases
from ticketing.db import now

ADOPTED_AWAY = 75
"""Exit status (EX_TEMPFAIL) of a worker that others hold for dead; the supervisor starts a new one."""

log = structlog.get_logger("ticketing.automation.life")


class Life:
    """Beats for `executor`, and hands dead workers' executors over to be adopted, until `end`."""

    def __init__(self, sessions: sessionmaker[Session], executor: str) -> None:
        self._sessions, self._executor = sessions, executor
        self._over = threading.Event()
        self.last_beat = 0.0
        """On the monotonic clock."""

    def begin(self, *, after: Sequence[str] = ()) -> None:
        """Take the lease and beat. Before the first flow is taken, so that none is ever held without a lease.

        `after`: executors that are certainly dead; nobody waits for their silence. Repeated after a failure, it is the
        same as once.
        """
        with self._sessions.begin() as session:
            leases.leave(session, after)
            leases.register(session, self._executor, at=now())
        self.last_beat = time.monotonic()
        self._in_background(self._beat)

    def watch_others(self, adopt: Callable[[str], int]) -> None:
        """Hand the dead to `adopt` from now on; it returns how many flows they had. The engine must run."""

        def adopt_dead() -> None:
            self._adopt_dead(adopt)

        self._in_background(adopt_dead)

    def _in_background(self, work: Callable[[], None]) -> None:
        threading.Thread(target=self._repeat, args=(work,), name=work.__name__, daemon=True).start()

    def is_well(self) -> bool:
        """Whether the others still count with us."""
        return time.monotonic() - self.last_beat < leases.SILENT_AFTER.total_seconds()

    def end(self) -> None:
        """Stop beating, and leave the flows to the others at once."""
        self._over.set()
        with self._sessions.begin() as session:
            leases.leave(session, [self._executor])

    def _repeat(self, work: Callable[[], None]) -> None:
        while not self._over.wait(leases.BEAT_S):
            try:
                work()
            except leases.LeaseLost:
                if not self._over.is_set():
                    log.error("adopted_away", executor=self._executor)
                    os._exit(ADOPTED_AWAY)  # no clean-up: whatever runs here runs elsewhere by now
            except (DBAPIError, PoolTimeout) as error:
                log.warning("database_away", work=work.__name__, error=type(error).__name__)
            except Exception:  # whatever it was: a worker that no longer adopts would strand the orders of the dead
                log.exception("life_round_failed", work=work.__name__)

    def _beat(self) -> None:
        with self._sessions.begin() as session:
            leases.beat(session, self._executor, at=now())
        self.last_beat = time.monotonic()

    def _adopt_dead(self, adopt: Callable[[str], int]) -> None:
        with self._sessions() as session:
            session.connection(execution_options={"reading": True})
            silent = [each for each in leases.dead(session, at=now()) if each != self._executor]
        if not silent:
            return
        with self._sessions.begin() as session:
            leases.mark_adopted(session, silent, at=now())
            leases.forget(session, at=now())
        for executor in silent:
            if adopted := adopt(executor):
                log.warning("adopted", executor=executor, flows=adopted)

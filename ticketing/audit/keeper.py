"""Keeps the chain while ticketing runs: seals every second, and signs every so many seconds or records."""

import time
from collections.abc import Callable

import structlog
from sqlalchemy.orm import Session, sessionmaker

from ticketing.audit.checkpoint import private_key
from ticketing.audit.checkpointing import checkpoint
from ticketing.audit.journal import Journal
from ticketing.audit.sealing import seal
from ticketing.config import Settings
from ticketing.db import now

log = structlog.get_logger("ticketing.audit")


def journal_of(settings: Settings) -> Journal | None:
    """The journal of the settings; None without a signing key. Raises ValueError for a key that is none."""
    if settings.audit_key is None:
        return None
    folder = settings.audit_checkpoints or settings.home / "audit-checkpoints"
    return Journal(folder, private_key(settings.audit_key.get_secret_value()))


class Keeper:
    """What several rounds remember. `clock`: seconds that never run backwards."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        journal: Journal | None,
        *,
        every_s: float,
        every_records: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sessions, self._journal, self._clock = sessions, journal, clock
        self._every_s, self._every_records = every_s, every_records
        self._due_at, self._unsigned = clock(), 0
        if journal is None:
            log.warning("audit_checkpoints_off", why="TICKETING_AUDIT_KEY is not set")

    def round(self) -> int:
        """Seal a batch, and sign when it is time; returns how many records were sealed. Raises ChainBroken, OSError."""
        sealed = seal(self._sessions)
        self._unsigned += sealed
        if self._journal is not None and (self._unsigned >= self._every_records or self._clock() >= self._due_at):
            # Set first: a second place that is away is asked again at the next time, not at every round.
            self._due_at, self._unsigned = self._clock() + self._every_s, 0
            checkpoint(self._sessions, self._journal, at=now())
        return sealed

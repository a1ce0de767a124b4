"""Sends what lies in the outbox. Several processes may drain at once: a conditional update gives each entry to one.

A drainer that dies keeps its entries only until their lease ends; the next one sends them again, under the same key.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import structlog
from sqlalchemy import Select, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session, aliased, sessionmaker

from ticketing.audit import service as audit
from ticketing.db import Moment, now
from ticketing.outbox.models import OutboxEntry
from ticketing.outbox.retry import is_too_old, wait_s
from ticketing.outbox.senders import NotSent, Sender

LEASE_S = 30
"""Longer than any sending can take."""
BATCH = 50
CLAIMED = (
    *(OutboxEntry.id, OutboxEntry.kind, OutboxEntry.key, OutboxEntry.payload),
    *(OutboxEntry.created, OutboxEntry.attempts),
)

log = structlog.get_logger("ticketing.outbox")


@dataclass(frozen=True)
class Claimed:
    """An entry that is ours until its lease ends."""

    id: int
    kind: str
    key: str
    payload: Mapping[str, Any]
    created: datetime
    attempts: int


class Drainer:
    """Drains the outbox of one database through the senders of each kind."""

    def __init__(
        self, sessions: sessionmaker[Session], senders: Mapping[str, Sender], *, lease_s: float = LEASE_S
    ) -> None:
        self._sessions, self._senders, self._lease_s = sessions, senders, lease_s

    async def drain(self) -> int:
        """Send what is due, one batch; returns how many entries were tried."""
        claimed = await asyncio.to_thread(
            claim, self._sessions, kinds=list(self._senders), at=now(), lease_s=self._lease_s
        )
        outcomes = await asyncio.gather(*(self._try(entry) for entry in claimed))
        sent = [entry.id for entry, is_sent in zip(claimed, outcomes, strict=True) if is_sent]
        if sent:
            await asyncio.to_thread(tick_off, self._sessions, sent, at=now())
        return len(claimed)

    async def _try(self, entry: Claimed) -> bool:
        try:
            await self._senders[entry.kind].send(entry.key, entry.payload)
        except NotSent as error:
            await asyncio.to_thread(put_back, self._sessions, entry, error, at=now())
            return False
        return True


def claim(
    sessions: sessionmaker[Session], *, kinds: Sequence[str], at: datetime, lease_s: float = LEASE_S
) -> list[Claimed]:
    """Take the entries that are due, the first of each lane only, for the time of a lease."""
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        due = session.scalars(_due(tuple(kinds)), {"now": at}).all()
    if not due:
        return []
    with sessions.begin() as session:
        rows = session.execute(
            update(OutboxEntry)
            .where(OutboxEntry.id.in_(due), *_free(at))
            .values(lease_until=at + timedelta(seconds=lease_s), attempts=OutboxEntry.attempts + 1)
            .returning(*CLAIMED)
            .execution_options(synchronize_session=False)
        ).all()
    return [
        Claimed(row.id, row.kind, row.key, json.loads(row.payload), row.created, row.attempts)
        for row in sorted(rows, key=lambda row: row.id)
    ]


@cache  # asked four times a second: making the statement cost more than running it
def _due(kinds: tuple[str, ...]) -> Select[int]:
    """Ids of entries of `kinds` that may leave at the parameter `now`, the first of each lane."""
    earlier = aliased(OutboxEntry)
    open_before = exists().where(
        earlier.lane == OutboxEntry.lane,
        earlier.id < OutboxEntry.id,
        earlier.done_at.is_(None),
        earlier.given_up_at.is_(None),
    )
    return (
        select(OutboxEntry.id)
        .where(*_free(bindparam("now", type_=Moment)), OutboxEntry.kind.in_(kinds), ~open_before)
        .order_by(OutboxEntry.next_at, OutboxEntry.id)
        .limit(BATCH)
    )


def _free(at: Any) -> tuple[Any, ...]:
    return (
        OutboxEntry.done_at.is_(None),
        OutboxEntry.given_up_at.is_(None),
        OutboxEntry.next_at <= at,
        or_(OutboxEntry.lease_until.is_(None), OutboxEntry.lease_until < at),
    )


def tick_off(sessions: sessionmaker[Session], entries: Sequence[int], *, at: datetime) -> None:
    """They were sent."""
    with sessions.begin() as session:
        session.execute(
            update(OutboxEntry)
            .where(OutboxEntry.id.in_(entries))
            .values(done_at=at, lease_until=None, last_error=None)
            .execution_options(synchronize_session=False)
        )


def put_back(sessions: sessionmaker[Session], entry: Claimed, error: NotSent, *, at: datetime) -> None:
    """It was not sent: try later, or give it up, which the audit trail keeps."""
    over = error.for_good or is_too_old(entry.kind, created=entry.created, at=at)
    change: dict[str, Any] = {"lease_until": None, "last_error": error.reason[:300]}
    change |= {"given_up_at": at} if over else {"next_at": at + timedelta(seconds=wait_s(entry.attempts))}
    facts = {"kind": entry.kind, "attempts": entry.attempts, "reason": error.reason[:300]}
    with sessions.begin() as session:
        session.execute(
            update(OutboxEntry)
            .where(OutboxEntry.id == entry.id, OutboxEntry.done_at.is_(None))
            .values(**change)
            .execution_options(synchronize_session=False)
        )
        if over:
            audit.record(
                session, kind="outbox.given_up", subject=f"outbox:{entry.key}", actor="ticketing", data=facts, at=at
            )
    log.log(40 if over else 30, "outbox_given_up" if over else "outbox_put_back", key=entry.key, **facts)

"""Gives records their places in the chain, soon after they were committed: one short transaction for many records.

Business transactions only insert; they wait for no other, and hold no lock of the chain. A record's place is given
here and not when it is written, because on PostgreSQL a transaction may commit after others that began later: such a
record comes later in the chain, and is never skipped (`audit_pending` lists what has no place).
Several processes may seal: they take turns, and two that did not would collide on `position`, so there is no fork.
"""

import time

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session, sessionmaker

from ticketing.audit import canon
from ticketing.audit.canon import GENESIS, Fact
from ticketing.audit.models import AuditLink, AuditPending, AuditRecord
from ticketing.db import alone

BATCH = 200
"""Records a transaction: on SQLite it keeps writers out for some 5 ms."""
LOCK = "audit chain"
FACT = (
    *(AuditRecord.at, AuditRecord.kind, AuditRecord.subject, AuditRecord.actor),
    *(AuditRecord.data, AuditRecord.text_hash),
)
"""The columns of a `Fact`, in its order."""


def seal(sessions: sessionmaker[Session], *, limit: int = BATCH) -> int:
    """Chain up to `limit` of the records that wait, oldest first; returns how many."""
    if not any_waits(sessions):
        return 0
    with sessions.begin() as session:
        alone(session, LOCK)
        return _seal(session, limit=limit)


def seal_all(sessions: sessionmaker[Session], *, limit: int = BATCH) -> int:
    """Chain what waits until nothing does; returns how many records that were."""
    sealed = 0
    while count := seal(sessions, limit=limit):
        sealed += count
        time.sleep(0.001)  # lets writers in between two batches
    return sealed


def any_waits(sessions: sessionmaker[Session]) -> bool:
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        return session.scalar(select(AuditPending.seq).limit(1)) is not None


def _seal(session: Session, *, limit: int) -> int:
    head = session.execute(
        select(AuditLink.position, AuditLink.hash).order_by(AuditLink.position.desc()).limit(1)
    ).one_or_none()
    position, previous = head or (0, GENESIS)
    rows = session.execute(
        select(AuditRecord.seq, *FACT)
        .join(AuditPending, AuditPending.seq == AuditRecord.seq)
        .order_by(AuditPending.seq)
        .limit(limit)
    ).all()
    links = []
    for seq, *fact in rows:
        position += 1
        previous = canon.digest(canon.body(Fact(*fact), position=position, previous=previous))
        links.append({"position": position, "seq": seq, "hash": previous})
    if links:
        session.execute(insert(AuditLink), links)
        session.execute(
            delete(AuditPending).where(AuditPending.seq.in_([link["seq"] for link in links])),
            execution_options={"synchronize_session": False},
        )
    return len(links)

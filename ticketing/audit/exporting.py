"""The chain as a file that is proven without us: a line for each record, see `canon`. No personal text is in it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, exists, func, select
from sqlalchemy.orm import Session, sessionmaker

from ticketing.audit import canon
from ticketing.audit.canon import GENESIS, Fact
from ticketing.audit.models import AuditLink, AuditPending, AuditRecord
from ticketing.audit.sealing import FACT

PAGE = 5_000
"""Records read in one transaction: a long one would keep SQLite from shortening its log."""
WIDE_PAGE = 100_000
"""Records counted by one statement, which PostgreSQL would break off after a while."""


def lines(sessions: sessionmaker[Session]) -> Iterator[bytes]:
    """The lines of all records that have a place now, as the database has them; `verify` says if that is right."""
    previous = GENESIS
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        last = session.scalar(select(func.max(AuditLink.position))) or 0
    for start in range(0, last, PAGE):
        for row in _page(sessions, start):
            fact = Fact(row.at, row.kind, row.subject, row.actor, row.data, row.text_hash)
            yield canon.line(row.hash, canon.body(fact, position=row.position, previous=previous))
            previous = row.hash


def outside(sessions: sessionmaker[Session]) -> int:
    """Records that neither have a place in the chain nor wait for one: somebody kept them out. Reads the table."""
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        last = session.scalar(select(func.max(AuditRecord.seq))) or 0
        return sum(_outside(session, start) for start in range(0, last, WIDE_PAGE))


def _outside(session: Session, start: int) -> int:
    is_chained = exists().where(AuditLink.seq == AuditRecord.seq)
    waits = exists().where(AuditPending.seq == AuditRecord.seq)
    here = (AuditRecord.seq > start, AuditRecord.seq <= start + WIDE_PAGE)
    return session.scalar(select(func.count()).select_from(AuditRecord).where(*here, ~is_chained, ~waits)) or 0


def _page(sessions: sessionmaker[Session], start: int) -> Iterator[Row[Any]]:
    query = (
        select(AuditLink.position, AuditLink.hash, *FACT)
        .join(AuditRecord, AuditRecord.seq == AuditLink.seq)
        .where(AuditLink.position > start, AuditLink.position <= start + PAGE)
        .order_by(AuditLink.position)
    )
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        yield from session.execute(query).all()

"""From the chain to the journal: signs what was sealed since the last checkpoint."""

from datetime import UTC, datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from ticketing.audit import service
from ticketing.audit.checkpoint import CheckpointWrong
from ticketing.audit.journal import MOST, Book, Journal
from ticketing.audit.models import AuditLink

log = structlog.get_logger("ticketing.audit")


class ChainBroken(RuntimeError):
    """A record has lost its place in the chain; an export says the same, and names it."""


def checkpoint(sessions: sessionmaker[Session], journal: Journal, *, at: datetime) -> int:
    """Sign what is chained and not signed yet; returns how many records. Raises ChainBroken, OSError.

    Where the database does not hold what was signed last, a new journal file begins with its first record. That is
    logged and recorded, never passed over: a restore looks like this, and so does an attack.
    """
    count = 0
    with journal.held() as book:
        position = _agreed(sessions, book, at=at)
        while hashes := _behind(sessions, position):
            book.write(hashes, first=position + 1, at=at.astimezone(UTC).isoformat(timespec="seconds"))
            position, count = position + len(hashes), count + len(hashes)
    return count


def _agreed(sessions: sessionmaker[Session], book: Book, *, at: datetime) -> int:
    """The position up to which journal and database say the same."""
    try:
        last = book.last
    except CheckpointWrong as error:
        return _turn_over(sessions, book, why=f"its last line is no checkpoint: {error}", at=at)
    if last is None:
        return 0
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        hash = session.scalar(select(AuditLink.hash).where(AuditLink.position == last.position))
    if hash == last.hash:
        return last.position
    why = f"record {last.position} is {'missing' if hash is None else 'another one'} in the database"
    return _turn_over(sessions, book, why=why, at=at)


def _turn_over(sessions: sessionmaker[Session], book: Book, *, why: str, at: datetime) -> int:
    left = book.turn_over()
    log.error("audit_journal_left", journal=left, why=why)
    with sessions.begin() as session:
        data = {"journal": left, "why": why}
        service.record(session, kind="audit.journal_left", subject="audit:chain", actor="ticketing", data=data, at=at)
    return 0


def _behind(sessions: sessionmaker[Session], position: int) -> list[str]:
    """Hashes of the records behind `position`, as many as fit into a line."""
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        rows = session.execute(
            select(AuditLink.position, AuditLink.hash)
            .where(AuditLink.position > position)
            .order_by(AuditLink.position)
            .limit(MOST)
        ).all()
    for expected, (found, _) in enumerate(rows, start=position + 1):
        if found != expected:
            raise ChainBroken(f"record {expected} is not in the chain: {found} stands in its place")
    return [hash for _, hash in rows]

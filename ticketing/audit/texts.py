"""Personal texts beside the chain: kept under a salted hash, found again by it, erased by subject."""

import hashlib
import hmac
import os
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ticketing.audit.models import AuditRecord, AuditText

SALT_BYTES = 16


class TextChanged(RuntimeError):
    """The text that is kept is not the one that the chain holds the hash of."""


def keep(session: Session, text: str) -> str:
    """Keep `text` with the session's next flush; returns its hash, which differs each time, also for equal texts."""
    salt = os.urandom(SALT_BYTES)
    hash = salted(text, salt=salt)
    session.add(AuditText(hash=hash, salt=salt, text=text))
    return hash


def salted(text: str, *, salt: bytes) -> str:
    """HMAC-SHA256 of `text` under `salt`: 64 hex characters."""
    return hmac.new(salt, text.encode(), hashlib.sha256).hexdigest()


def read(session: Session, hash: str) -> str | None:
    """The text under `hash`; None when it was erased. Raises TextChanged."""
    kept = session.get(AuditText, hash)
    if kept is None:
        return None
    if salted(kept.text, salt=kept.salt) != hash:
        raise TextChanged(f"the text kept under {hash} has another hash")
    return kept.text


def erase(session: Session, *, subject: str, actor: str, at: datetime) -> int:
    """Delete the texts and salts of all records of `subject`, and record that; returns how many there were.

    The records stay, and so do the hashes in the chain, which without their salts say nothing.
    """
    hashes = select(AuditRecord.text_hash).where(AuditRecord.subject == subject, AuditRecord.text_hash.is_not(None))
    gone = session.execute(
        delete(AuditText).where(AuditText.hash.in_(hashes)).returning(AuditText.hash),
        execution_options={"synchronize_session": False},
    ).all()
    session.add(AuditRecord(at=at, kind="personal.erased", subject=subject, actor=actor, data={"texts": len(gone)}))
    session.flush()
    return len(gone)

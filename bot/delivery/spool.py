"""Records and hand-offs that wait for ticketing, in the order they happened, each conversation for itself."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.delivery.cipher import Cipher
from bot.delivery.models import Spooled


class SpoolKind(StrEnum):
    ENTRY = "entry"
    HANDOFF = "handoff"


@dataclass(frozen=True)
class Waiting:
    """One row of the spool, opened."""

    number: int
    kind: SpoolKind
    key: str
    body: dict[str, Any]


def put(session: Session, conversation: str, *, kind: SpoolKind, body: dict[str, Any], cipher: Cipher) -> None:
    """Queue `body` (it carries its own `key`); a key that is queued already stays as it was."""
    key = f"{conversation}/{kind}/{body['key']}"
    if session.scalar(select(Spooled.number).filter_by(key=key)) is not None:
        return
    sealed = cipher.seal(json.dumps(body, ensure_ascii=False), place=key)
    session.add(Spooled(conversation=conversation, key=key, kind=kind, sealed=sealed))
    session.flush()


def has_handoff(session: Session, conversation: str) -> bool:
    """Does a hand-off of this conversation wait already? One call-back is enough."""
    found = select(Spooled.number).filter_by(conversation=conversation, kind=SpoolKind.HANDOFF, refused_at=None)
    return session.scalar(found.limit(1)) is not None


def conversations(session: Session) -> list[str]:
    """The conversations with waiting rows, the one that waits longest first."""
    rows = session.execute(select(Spooled.conversation).filter_by(refused_at=None).order_by(Spooled.number))
    return list(dict.fromkeys(row.conversation for row in rows))


def waiting(session: Session, conversation: str, *, cipher: Cipher) -> list[Waiting]:
    """What waits for one conversation, in order."""
    rows = session.scalars(
        select(Spooled).filter_by(conversation=conversation, refused_at=None).order_by(Spooled.number)
    )
    return [
        Waiting(row.number, SpoolKind(row.kind), row.key, json.loads(cipher.unseal(row.sealed, place=row.key)))
        for row in rows
    ]


def drained(session: Session, numbers: Sequence[int]) -> None:
    session.execute(delete(Spooled).where(Spooled.number.in_(numbers)))


def refused(session: Session, numbers: Sequence[int], *, at: datetime) -> None:
    """Set aside what ticketing will never take, sealed as it is, for a person to look at."""
    session.execute(update(Spooled).where(Spooled.number.in_(numbers)).values(refused_at=at))

"""Records and hand-offs that wait for ticketing, in the order they happened, each conversation for itself."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.delivery.cipher import Cipher
from bot.delivery.tables import spool


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


WAITS = spool.c.refused_at.is_(None)
OF_CONVERSATION = spool.c.conversation == bindparam("conversation_id")
THESE = spool.c.number.in_(bindparam("numbers", expanding=True))
IS_THERE = select(spool.c.number).where(spool.c.key == bindparam("this_key"))
INSERT = insert(spool)
HANDOFFS = select(spool.c.number).where(OF_CONVERSATION, spool.c.kind == SpoolKind.HANDOFF, WAITS).limit(1)
CONVERSATIONS = select(spool.c.conversation).where(WAITS).order_by(spool.c.number)
WAITING = select(spool).where(OF_CONVERSATION, WAITS).order_by(spool.c.number)
DRAINED = delete(spool).where(THESE)
REFUSED = update(spool).where(THESE).values(refused_at=bindparam("now"))


def put(connection: Connection, conversation: str, *, kind: SpoolKind, body: dict[str, Any], cipher: Cipher) -> None:
    """Queue `body` (it carries its own `key`); a key that is queued already stays as it was."""
    key = f"{conversation}/{kind}/{body['key']}"
    if connection.execute(IS_THERE, {"this_key": key}).scalar() is not None:
        return
    sealed = cipher.seal(json.dumps(body, ensure_ascii=False), place=key)
    connection.execute(INSERT, {"conversation": conversation, "key": key, "kind": kind, "sealed": sealed})


def has_handoff(connection: Connection, conversation: str) -> bool:
    """Does a hand-off of this conversation wait already? One call-back is enough."""
    return connection.execute(HANDOFFS, {"conversation_id": conversation}).scalar() is not None


def conversations(connection: Connection) -> list[str]:
    """The conversations with waiting rows, the one that waits longest first."""
    return list(dict.fromkeys(connection.execute(CONVERSATIONS).scalars()))


def waiting(connection: Connection, conversation: str, *, cipher: Cipher) -> list[Waiting]:
    """What waits for one conversation, in order."""
    return [
        Waiting(row.number, SpoolKind(row.kind), row.key, json.loads(cipher.unseal(row.sealed, place=row.key)))
        for row in connection.execute(WAITING, {"conversation_id": conversation})
    ]


def drained(connection: Connection, numbers: Sequence[int]) -> None:
    connection.execute(DRAINED, {"numbers": list(numbers)})


def refused(connection: Connection, numbers: Sequence[int], *, at: datetime) -> None:
    """Set aside what ticketing will never take, sealed as it is, for a person to look at."""
    connection.execute(REFUSED, {"numbers": list(numbers), "now": at})

"""What became of each reply (delivered, dropped, cut), kept until ticketing has it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, delete, insert, select

from bot.delivery.tables import receipt as receipts
from bot.delivery.tables import spool
from bot.message import Frozen


class Fate(StrEnum):
    DELIVERED = "delivered"
    DROPPED = "dropped"
    CUT = "cut"


class Delivery(Frozen):
    """`cut_at_ms`: how much of the reply the caller heard before speaking over it."""

    reply: str
    state: Fate
    at: datetime
    cut_at_ms: int | None = None
    reason: str | None = None


INSERT = insert(receipts)
WAITING = (
    select(receipts)
    .where(receipts.c.conversation.not_in(select(spool.c.conversation).where(spool.c.refused_at.is_(None))))
    .order_by(receipts.c.number)
)
POSTED = delete(receipts).where(receipts.c.number.in_(bindparam("numbers", expanding=True)))


def put(connection: Connection, conversation: str, deliveries: Sequence[Delivery]) -> None:
    if deliveries:
        connection.execute(INSERT, [{"conversation": conversation, **each.model_dump()} for each in deliveries])


def waiting(connection: Connection) -> dict[str, list[tuple[int, Delivery]]]:
    """What waits, by conversation, save those whose replies are themselves still in the spool."""
    found: dict[str, list[tuple[int, Delivery]]] = defaultdict(list)
    for row in connection.execute(WAITING):
        found[row.conversation].append((row.number, Delivery.model_validate(row, from_attributes=True)))
    return dict(found)


def posted(connection: Connection, numbers: Sequence[int]) -> None:
    connection.execute(POSTED, {"numbers": list(numbers)})

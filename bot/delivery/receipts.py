"""What became of each reply (delivered, dropped, cut), kept until ticketing has it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.delivery.models import Receipt, Spooled
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


def put(session: Session, conversation: str, deliveries: Sequence[Delivery]) -> None:
    session.add_all(Receipt(conversation=conversation, **delivery.model_dump()) for delivery in deliveries)


def conversations(session: Session) -> list[str]:
    """Conversations whose receipts may go: those whose replies are not themselves still in the spool."""
    spooled = select(Spooled.conversation).filter_by(refused_at=None)
    rows = session.scalars(
        select(Receipt.conversation).where(Receipt.conversation.not_in(spooled)).order_by(Receipt.number)
    )
    return list(dict.fromkeys(rows))


def waiting(session: Session, conversation: str, *, limit: int = 100) -> list[tuple[int, Delivery]]:
    rows = session.scalars(select(Receipt).filter_by(conversation=conversation).order_by(Receipt.number).limit(limit))
    return [(row.number, Delivery.model_validate(row, from_attributes=True)) for row in rows]


def posted(session: Session, numbers: Sequence[int]) -> None:
    session.execute(delete(Receipt).where(Receipt.number.in_(numbers)))

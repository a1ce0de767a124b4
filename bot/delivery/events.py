"""Numbered events of a conversation: what its page shows, and what a reconnected page has missed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.delivery import inbound
from bot.delivery.cipher import Cipher
from bot.delivery.models import Conversation, Event
from bot.message import Button, Frozen, Spoken


class Shown(Frozen):
    """One event as the page gets it. `name` is the agent's, when a person speaks."""

    event: int = 0
    type: str
    id: str
    text: str
    talk_track: str | None = None
    version: int | None = None
    buttons: tuple[Button, ...] = ()
    name: str | None = None
    at: datetime


def by_customer(message_id: str, text: str, *, at: datetime) -> Shown:
    return Shown(type="customer", id=message_id, text=text, at=at)


def by_bot(reply: Spoken, *, at: datetime) -> Shown:
    return Shown(type="bot", at=at, **reply.model_dump())


def append(session: Session, conversation: str, shown: Shown, *, cipher: Cipher) -> bool:
    """Give `shown` the conversation's next number; False when its id is there already (nothing changes)."""
    key = f"{shown.type}/{shown.id}"
    if session.scalar(select(Event.number).filter_by(conversation=conversation, key=key)) is not None:
        return False
    inbound.of(session, conversation)
    number = session.execute(
        update(Conversation)
        .where(Conversation.id == conversation)
        .values(last_event=Conversation.last_event + 1)
        .returning(Conversation.last_event),
        execution_options={"synchronize_session": False},
    ).scalar_one()
    sealed = cipher.seal(shown.model_dump_json(exclude={"event"}), place=f"{conversation}#{number}")
    session.add(Event(conversation=conversation, number=number, key=key, type=shown.type, at=shown.at, sealed=sealed))
    session.flush()
    return True


def since(session: Session, conversation: str, *, after: int, cipher: Cipher) -> list[Shown]:
    """The events with a number above `after`, in order."""
    rows = session.scalars(
        select(Event).where(Event.conversation == conversation, Event.number > after).order_by(Event.number)
    )
    return [_open(row, cipher) for row in rows]


def undelivered(session: Session, conversation: str, *, cipher: Cipher) -> list[Shown]:
    """The assistant's and the agents' words that nobody has seen or heard yet, in order."""
    rows = session.scalars(
        select(Event)
        .where(Event.conversation == conversation, Event.delivered_at.is_(None), Event.type != "customer")
        .order_by(Event.number)
    )
    return [_open(row, cipher) for row in rows]


def delivered(session: Session, conversation: str, ids: Iterable[str], *, at: datetime) -> list[str]:
    """Mark words as handed over, by reply id; the ids that were not marked before."""
    changed = session.execute(
        update(Event)
        .where(
            Event.conversation == conversation,
            Event.delivered_at.is_(None),
            Event.key.in_([f"{kind}/{reply}" for reply in ids for kind in ("bot", "agent")]),
        )
        .values(delivered_at=at)
        .returning(Event.key),
        execution_options={"synchronize_session": False},
    )
    return [key.partition("/")[2] for key in changed.scalars()]


def sweep(session: Session, *, before: datetime) -> int:
    """Forget events older than `before`; their number. Numbers are never given twice."""
    gone = session.execute(delete(Event).where(Event.at < before))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _open(row: Event, cipher: Cipher) -> Shown:
    body: dict[str, Any] = {"event": row.number}
    shown = Shown.model_validate_json(cipher.unseal(row.sealed, place=f"{row.conversation}#{row.number}"))
    return shown.model_copy(update=body)

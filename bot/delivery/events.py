"""Numbered events of a conversation: what its page shows, and what a reconnected page has missed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from bot.delivery import inbound
from bot.delivery.cipher import Cipher
from bot.delivery.tables import conversation as conversations
from bot.delivery.tables import event as events
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


OF_CONVERSATION = events.c.conversation == bindparam("conversation_id")
IS_THERE = select(events.c.number).where(OF_CONVERSATION, events.c.key == bindparam("this_key"))
NEXT_NUMBER = (
    update(conversations)
    .where(conversations.c.id == bindparam("conversation_id"))
    .values(last_event=conversations.c.last_event + 1)
    .returning(conversations.c.last_event)
)
INSERT = insert(events)
SHOWN = select(events.c.conversation, events.c.number, events.c.sealed).where(OF_CONVERSATION).order_by(events.c.number)
SINCE = SHOWN.where(events.c.number > bindparam("after"))
UNDELIVERED = SHOWN.where(events.c.delivered_at.is_(None), events.c.type != "customer")
DELIVERED = (
    update(events)
    .where(OF_CONVERSATION, events.c.delivered_at.is_(None), events.c.key.in_(bindparam("keys", expanding=True)))
    .values(delivered_at=bindparam("now"))
    .returning(events.c.key)
)
SWEEP = delete(events).where(events.c.at < bindparam("before"))


def by_customer(message_id: str, text: str, *, at: datetime) -> Shown:
    return Shown(type="customer", id=message_id, text=text, at=at)


def by_bot(reply: Spoken, *, at: datetime) -> Shown:
    return Shown(type="bot", at=at, **reply.model_dump())


def append(connection: Connection, conversation: str, shown: Shown, *, cipher: Cipher) -> bool:
    """Give `shown` the conversation's next number; False when its id is there already (nothing changes)."""
    this, key = {"conversation_id": conversation}, f"{shown.type}/{shown.id}"
    if connection.execute(IS_THERE, {**this, "this_key": key}).scalar() is not None:
        return False
    number = connection.execute(NEXT_NUMBER, this).scalar()
    if number is None:  # its first event
        inbound.of(connection, conversation)
        number = connection.execute(NEXT_NUMBER, this).scalar_one()
    sealed = cipher.seal(shown.model_dump_json(exclude={"event"}), place=_place(conversation, number))
    place = {"conversation": conversation, "number": number, "key": key}
    connection.execute(INSERT, {**place, "type": shown.type, "at": shown.at, "sealed": sealed})
    return True


def since(connection: Connection, conversation: str, *, after: int, cipher: Cipher) -> list[Shown]:
    """The events with a number above `after`, in order."""
    rows = connection.execute(SINCE, {"conversation_id": conversation, "after": after})
    return [_opened(row, cipher) for row in rows]


def undelivered(connection: Connection, conversation: str, *, cipher: Cipher) -> list[Shown]:
    """The assistant's and the agents' words that nobody has seen or heard yet, in order."""
    return [_opened(row, cipher) for row in connection.execute(UNDELIVERED, {"conversation_id": conversation})]


def delivered(connection: Connection, conversation: str, ids: Iterable[str], *, at: datetime) -> list[str]:
    """Mark words as handed over, by reply id; the ids that were not marked before."""
    keys = [f"{kind}/{reply}" for reply in ids for kind in ("bot", "agent")]
    changed = connection.execute(DELIVERED, {"conversation_id": conversation, "keys": keys, "now": at})
    return [key.partition("/")[2] for key in changed.scalars()]


def sweep(connection: Connection, *, before: datetime) -> int:
    """Forget events older than `before`; their number. Numbers are never given twice."""
    return connection.execute(SWEEP, {"before": before}).rowcount


def _opened(row: Row[*tuple[Any, ...]], cipher: Cipher) -> Shown:
    sealed = cipher.unseal(row.sealed, place=_place(row.conversation, row.number))
    return Shown.model_validate_json(sealed).model_copy(update={"event": row.number})


def _place(conversation: str, number: int) -> str:
    return f"{conversation}#{number}"

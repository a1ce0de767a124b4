"""WeChat's customers: a pseudonym for each openid, the window in which we may write, what numbers stand for."""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.channels.wechat.tables import customer as customers
from bot.channels.wechat.window import Window
from bot.delivery.cipher import Cipher

HEX_DIGITS = 32


@dataclass(frozen=True)
class Customer:
    conversation: str
    openid: str
    window: Window
    words_at: datetime | None
    is_nudged: bool
    worker: str | None
    choices: tuple[str, ...]


THIS = customers.c.conversation == bindparam("conversation_id")
FIND = select(customers).where(THIS)
MEET = {  # two processes may meet a customer at one moment
    "sqlite": sqlite.insert(customers).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(customers).on_conflict_do_nothing(),
}
WINDOW = (
    update(customers)
    .where(THIS)
    .values(
        spoke_at=bindparam("new_spoke_at"),
        used=bindparam("new_used"),
        entered_at=bindparam("new_entered_at"),
        used_entering=bindparam("new_used_entering"),
    )
)
NUDGED = update(customers).where(THIS).values(is_nudged=bindparam("new_is_nudged"))
WORDS = update(customers).where(THIS).values(words_at=bindparam("new_words_at"))
CHOICES = update(customers).where(THIS).values(choices=bindparam("new_choices"))


def conversation_of(openid: str, *, key: bytes) -> str:
    """The customer's conversation: the same for ever, and nobody learns the openid from it without the key."""
    return "wx-" + hmac.digest(key, b"wechat conversation " + openid.encode(), "sha256").hex()[:HEX_DIGITS]


def meet(connection: Connection, conversation: str, openid: str, *, cipher: Cipher) -> Customer:
    """The customer, who may be new."""
    if (known := find(connection, conversation, cipher=cipher)) is not None:
        return known
    values = {"conversation": conversation, "sealed": cipher.seal(openid, place=conversation)}
    connection.execute(MEET[connection.dialect.name], {**values, "used": 0, "used_entering": 0, "is_nudged": False})
    known = find(connection, conversation, cipher=cipher)
    assert known is not None
    return known


def find(connection: Connection, conversation: str, *, cipher: Cipher) -> Customer | None:
    row = connection.execute(FIND, {"conversation_id": conversation}).one_or_none()
    if row is None:
        return None
    choices = json.loads(cipher.unseal(row.choices, place=f"{conversation}/choices")) if row.choices else ()
    return Customer(
        conversation=conversation,
        openid=cipher.unseal(row.sealed, place=conversation),
        window=Window(row.spoke_at, row.used, row.entered_at, row.used_entering),
        words_at=row.words_at,
        is_nudged=row.is_nudged,
        worker=row.worker,
        choices=tuple(choices),
    )


def keep_window(connection: Connection, conversation: str, window: Window) -> None:
    values = {
        "new_spoke_at": window.spoke_at,
        "new_used": window.used,
        "new_entered_at": window.entered_at,
        "new_used_entering": window.used_entering,
    }
    connection.execute(WINDOW, {"conversation_id": conversation, **values})


def nudged(connection: Connection, conversation: str, is_nudged: bool) -> None:
    connection.execute(NUDGED, {"conversation_id": conversation, "new_is_nudged": is_nudged})


def said_words(connection: Connection, conversation: str, *, at: datetime) -> None:
    connection.execute(WORDS, {"conversation_id": conversation, "new_words_at": at})


def offer(connection: Connection, conversation: str, payloads: Sequence[str], *, cipher: Cipher) -> None:
    """From now on the numbers 1, 2, … stand for `payloads`; none: a number is a number again."""
    sealed = None
    if payloads:
        sealed = cipher.seal(json.dumps(list(payloads), ensure_ascii=False), place=f"{conversation}/choices")
    connection.execute(CHOICES, {"conversation_id": conversation, "new_choices": sealed})

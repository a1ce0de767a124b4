"""Photos of customers, as notes of the conversation: the record has `[图片 id]`, and here is where the picture is."""

import hashlib
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from bot.channels.wechat.push import Push
from bot.channels.wechat.tables import attachment as attachments
from bot.delivery.cipher import Cipher

FIND = select(attachments.c.sealed).where(attachments.c.id == bindparam("attachment_id"))
SWEEP = delete(attachments).where(attachments.c.at < bindparam("before"))


def name_of(push: Push) -> str:
    """The photo's id: from the push's key, so that a push that is read again names the same photo."""
    return "p" + hashlib.sha256(push.key.encode()).hexdigest()[:12]


def keep(connection: Connection, push: Push, conversation: str, *, at: datetime, cipher: Cipher) -> None:
    sealed = cipher.seal(push.media, place=name_of(push))
    connection.execute(
        insert(attachments), {"id": name_of(push), "conversation": conversation, "at": at, "sealed": sealed}
    )


def media(connection: Connection, attachment: str, *, cipher: Cipher) -> str | None:
    """WeChat's id of the picture; None: there is no such photo."""
    row = connection.execute(FIND, {"attachment_id": attachment}).one_or_none()
    return None if row is None else cipher.unseal(row.sealed, place=attachment)


def sweep(connection: Connection, *, before: datetime) -> int:
    return connection.execute(SWEEP, {"before": before}).rowcount

"""Telephone calls by uuid: who calls, and whether the call is over."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.delivery.cipher import Cipher
from bot.delivery.tables import call as calls
from bot.message import Frozen


class Line(Frozen):
    """Who calls and which number was called, as the dialplan announced it."""

    caller: str | None = None
    called: str | None = None


THIS = calls.c.uuid == bindparam("call_uuid")
FIND = select(calls.c.sealed, calls.c.ended_at).where(THIS)
INSERT = insert(calls)
END = update(calls).where(THIS, calls.c.ended_at.is_(None)).values(ended_at=bindparam("now"), reason=bindparam("why"))
SWEEP = delete(calls).where(calls.c.at < bindparam("before"))


def announce(connection: Connection, uuid: str, line: Line, *, at: datetime, cipher: Cipher) -> bool:
    """Remember a call; False when it was known already (the first announcement stays)."""
    if connection.execute(FIND, {"call_uuid": uuid}).one_or_none() is not None:
        return False
    sealed = cipher.seal(line.model_dump_json(), place=uuid)
    connection.execute(INSERT, {"uuid": uuid, "sealed": sealed, "at": at})
    return True


def find(connection: Connection, uuid: str, *, cipher: Cipher) -> tuple[Line, bool] | None:
    """The line of a call and whether the call is over; None when it was never announced."""
    row = connection.execute(FIND, {"call_uuid": uuid}).one_or_none()
    if row is None:
        return None
    return Line.model_validate_json(cipher.unseal(row.sealed, place=uuid)), row.ended_at is not None


def end(connection: Connection, uuid: str, *, reason: str, at: datetime) -> None:
    connection.execute(END, {"call_uuid": uuid, "now": at, "why": reason})


def sweep(connection: Connection, *, before: datetime) -> int:
    """Forget calls older than `before`; their number."""
    return connection.execute(SWEEP, {"before": before}).rowcount

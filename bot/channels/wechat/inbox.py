"""The inbox: a push is on disk before WeChat is told `success`, and it is there once, whichever process was told."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, Row, Select, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.channels.wechat import attachments, customers, outbox
from bot.channels.wechat.gather import TOGETHER, Waiting
from bot.channels.wechat.push import FRESH, Push, PushKind, Signed
from bot.channels.wechat.tables import UNDONE
from bot.channels.wechat.tables import push as pushes
from bot.channels.wechat.tables import stamp as stamps
from bot.delivery.cipher import Cipher

ENTERS = "user_enter_tempsession"
MOST_ATTEMPTS = 5
FIRST_WAIT_S = 2.0


class Told(StrEnum):
    NEW = "new"
    KNOWN = "known"
    """WeChat told it again: answered `success`, and nothing happens."""
    REPLAYED = "replayed"
    """Another push under a signature that was used before: somebody else's doing."""


STAMP = {
    "sqlite": sqlite.insert(stamps).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(stamps).on_conflict_do_nothing(),
}
STAMPED = select(stamps.c.key).where(stamps.c.stamp == bindparam("this_stamp"))
INSERT = {
    "sqlite": sqlite.insert(pushes).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(pushes).on_conflict_do_nothing(),
}
WAITING = select(pushes).where(pushes.c.conversation == bindparam("conversation_id"), UNDONE).order_by(pushes.c.number)
MOST_WAITING = 20
THESE = pushes.c.number.in_(bindparam("numbers", expanding=True))
DONE = update(pushes).where(THESE).values(done_at=bindparam("now"))
PUT_OFF = update(pushes).where(THESE).values(due_at=bindparam("until"), attempts=pushes.c.attempts + 1)
GIVE_UP = update(pushes).where(THESE, pushes.c.attempts >= MOST_ATTEMPTS).values(done_at=bindparam("now"))
DUE: Select[str] = select(pushes.c.conversation).where(UNDONE, pushes.c.due_at <= bindparam("now"))
SWEEP = delete(pushes).where(pushes.c.done_at.is_not(None), pushes.c.received_at < bindparam("before"))
SWEEP_STAMPS = delete(stamps).where(stamps.c.at < bindparam("before"))


def accept(connection: Connection, signed: Signed, conversation: str, *, at: datetime, cipher: Cipher) -> Told:
    """Keep the push, with what follows at once: the window opens, parked lines may leave, a photo has its place."""
    push, dialect = signed.push, connection.dialect.name
    new = connection.execute(STAMP[dialect], {"stamp": signed.stamp, "key": push.key, "at": at}).rowcount
    if not new and connection.execute(STAMPED, {"this_stamp": signed.stamp}).scalar() != push.key:
        return Told.REPLAYED
    if not connection.execute(INSERT[dialect], _row(push, conversation, at=at, cipher=cipher)).rowcount:
        return Told.KNOWN
    customer = customers.meet(connection, conversation, push.openid, cipher=cipher)
    if push.kind is PushKind.EVENT and push.event != ENTERS:
        return Told.NEW
    when = min(push.created_at, at)
    opened = customer.window.entered(when) if push.kind is PushKind.EVENT else customer.window.spoke(when)
    customers.keep_window(connection, conversation, opened)
    customers.nudged(connection, conversation, False)
    outbox.unpark(connection, conversation, at=at)
    if push.kind is PushKind.IMAGE:
        attachments.keep(connection, push, conversation, at=at, cipher=cipher)
    return Told.NEW


def _row(push: Push, conversation: str, *, at: datetime, cipher: Cipher) -> dict[str, object]:
    is_event = push.kind is PushKind.EVENT
    return {
        "key": push.key,
        "conversation": conversation,
        "received_at": at,
        "due_at": at + TOGETHER if push.kind is PushKind.IMAGE else at,
        "attempts": 0,
        "sealed": cipher.seal(push.model_dump_json(), place=push.key),
        "done_at": at if is_event else None,
    }


def waiting(connection: Connection, conversation: str, *, cipher: Cipher) -> list[Waiting]:
    """What is not answered yet, in the order in which it came; at most `MOST_WAITING`."""
    rows = connection.execute(WAITING.limit(MOST_WAITING), {"conversation_id": conversation})
    return [_opened(row, cipher) for row in rows]


def done(connection: Connection, numbers: Sequence[int], *, at: datetime) -> None:
    connection.execute(DONE, {"numbers": list(numbers), "now": at})


def put_off(connection: Connection, waiting: Sequence[Waiting], *, at: datetime) -> bool:
    """Try again later, each time twice as late; False: it was tried too often and is given up."""
    numbers = [each.number for each in waiting]
    until = at + timedelta(seconds=FIRST_WAIT_S * 2.0 ** waiting[0].attempts)
    connection.execute(PUT_OFF, {"numbers": numbers, "until": until})
    return not connection.execute(GIVE_UP, {"numbers": numbers, "now": at}).rowcount


def due(connection: Connection, *, at: datetime) -> list[str]:
    """Conversations with a push whose time has come."""
    return list(dict.fromkeys(connection.execute(DUE, {"now": at}).scalars()))


def sweep(connection: Connection, *, before: datetime) -> int:
    """Forget what was answered before `before`."""
    return connection.execute(SWEEP, {"before": before}).rowcount


def sweep_stamps(connection: Connection, *, at: datetime) -> int:
    """A signature older than this is stale by itself."""
    return connection.execute(SWEEP_STAMPS, {"before": at - 3 * FRESH}).rowcount


def _opened(row: Row[*tuple[object, ...]], cipher: Cipher) -> Waiting:
    push = Push.model_validate_json(cipher.unseal(row.sealed, place=row.key))
    return Waiting(row.number, push, row.received_at, row.due_at, row.attempts)

"""The outbox: lines for a customer, in order, each sent once, parked while WeChat will not have it, or failed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, Row, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.channels.wechat.compose import Piece, merged
from bot.channels.wechat.tables import OPEN
from bot.channels.wechat.tables import line as lines
from bot.delivery import events, receipts
from bot.delivery.cipher import Cipher
from bot.delivery.receipts import Delivery, Fate

RESERVE = 2
"""Of what may still be sent so much is kept for the answer to what the customer just said."""
FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 60.0
MOST_OPEN = 100


class State(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    PARKED = "parked"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True)
class Line:
    number: int
    key: str
    state: State
    reason: str | None
    at: datetime
    next_at: datetime
    attempts: int
    piece: Piece


PUT = {
    "sqlite": sqlite.insert(lines).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(lines).on_conflict_do_nothing(),
}
OF_CONVERSATION = lines.c.conversation == bindparam("conversation_id")
THESE = lines.c.number.in_(bindparam("numbers", expanding=True))
WAITS = select(lines).where(OF_CONVERSATION, OPEN).order_by(lines.c.number).limit(MOST_OPEN)
FAILED = (
    select(lines.c.number, lines.c.key, lines.c.reason, lines.c.at)
    .where(OF_CONVERSATION, lines.c.state == State.FAILED)
    .order_by(lines.c.number)
)
SENDING = update(lines).where(THESE).values(state=State.SENDING, attempts=lines.c.attempts + 1)
SETTLED = update(lines).where(THESE).values(state=bindparam("is"), reason=bindparam("why"), settled_at=bindparam("now"))
BACK = update(lines).where(THESE).values(state=bindparam("is"), reason=bindparam("why"), next_at=bindparam("then"))
UNPARK = (
    update(lines)
    .where(OF_CONVERSATION, lines.c.state == State.PARKED)
    .values(state=State.WAITING, reason=None, next_at=bindparam("now"))
)
DUE = select(lines.c.conversation).where(
    OPEN,
    ((lines.c.state == State.WAITING) & (lines.c.next_at <= bindparam("now")))
    | (lines.c.state == State.SENDING)
    | (lines.c.at < bindparam("expired")),
)
SWEEP = delete(lines).where(lines.c.settled_at < bindparam("before"))


def put(
    connection: Connection, conversation: str, pieces: Sequence[Piece], *, key: str, at: datetime, cipher: Cipher
) -> None:
    """Queue the pieces behind what waits; those of a `key` that is here already stay as they were."""
    for number, piece in enumerate(pieces):
        name = f"{key}:{number}"
        body = json.dumps({"text": piece.text, "replies": piece.replies}, ensure_ascii=False)
        row = {"key": name, "conversation": conversation, "state": State.WAITING, "at": at, "next_at": at}
        connection.execute(
            PUT[connection.dialect.name], {**row, "attempts": 0, "sealed": cipher.seal(body, place=name)}
        )


def waiting(connection: Connection, conversation: str, *, cipher: Cipher) -> list[Line]:
    """Every line that has not come to an end, in order."""
    return [_opened(row, cipher) for row in connection.execute(WAITS, {"conversation_id": conversation})]


def pack(waits: Sequence[Line], *, left: int) -> tuple[list[Line], str]:
    """The next message's lines and its text: one, or as many as fit when more wait than may be sent singly. Pure."""
    if len(waits) <= max(left - RESERVE, 1):
        return [waits[0]], waits[0].piece.text
    text = merged([each.piece for each in waits])[0].text
    taken: list[Line] = []
    while "\n".join(each.piece.text for each in (*taken, waits[len(taken)])) != text:
        taken.append(waits[len(taken)])
    return [*taken, waits[len(taken)]], text


def sending(connection: Connection, taken: Iterable[Line]) -> None:
    """Marked before WeChat is asked: who finds the mark later knows that its process died with the answer open."""
    connection.execute(SENDING, {"numbers": [each.number for each in taken]})


def sent(connection: Connection, conversation: str, taken: Sequence[Line], *, at: datetime) -> None:
    values = {"is": State.SENT, "why": None, "now": at}
    connection.execute(SETTLED, {"numbers": [each.number for each in taken], **values})
    _report(connection, conversation, taken, Fate.DELIVERED, at=at)


def failed(connection: Connection, conversation: str, taken: Sequence[Line], *, reason: str, at: datetime) -> None:
    values = {"is": State.FAILED, "why": reason, "now": at}
    connection.execute(SETTLED, {"numbers": [each.number for each in taken], **values})
    _report(connection, conversation, taken, Fate.DROPPED, at=at, reason=reason)


def park(connection: Connection, taken: Sequence[Line], *, reason: str, at: datetime) -> None:
    """They wait for the customer's next words."""
    values = {"is": State.PARKED, "why": reason, "then": at}
    connection.execute(BACK, {"numbers": [each.number for each in taken], **values})


def put_back(connection: Connection, taken: Sequence[Line], *, reason: str | None, at: datetime, wait: bool) -> None:
    """Not sent; tried again, after a growing `wait` when WeChat is in trouble."""
    seconds = min(FIRST_WAIT_S * 2.0 ** min(taken[0].attempts, 10), LONGEST_WAIT_S) if wait else 0.0
    values = {"is": State.WAITING, "why": reason, "then": at + timedelta(seconds=seconds)}
    connection.execute(BACK, {"numbers": [each.number for each in taken], **values})


def unpark(connection: Connection, conversation: str, *, at: datetime) -> None:
    connection.execute(UNPARK, {"conversation_id": conversation, "now": at})


def due(connection: Connection, *, at: datetime, expired: datetime) -> list[str]:
    """Conversations with a line that may leave, that a dead process left open, or that waited too long."""
    return list(dict.fromkeys(connection.execute(DUE, {"now": at, "expired": expired}).scalars()))


def undelivered(connection: Connection, conversation: str) -> list[Row[*tuple[object, ...]]]:
    """The lines that failed, with key, reason and time."""
    return list(connection.execute(FAILED, {"conversation_id": conversation}))


def sweep(connection: Connection, *, before: datetime) -> int:
    return connection.execute(SWEEP, {"before": before}).rowcount


def _report(
    connection: Connection,
    conversation: str,
    taken: Sequence[Line],
    fate: Fate,
    *,
    at: datetime,
    reason: str | None = None,
) -> None:
    """Receipts of the replies that end in these lines."""
    replies = [reply for each in taken for reply in each.piece.replies]
    events.delivered(connection, conversation, replies, at=at)
    receipts.put(
        connection, conversation, [Delivery(reply=reply, state=fate, at=at, reason=reason) for reply in replies]
    )


def _opened(row: Row[*tuple[object, ...]], cipher: Cipher) -> Line:
    body = json.loads(cipher.unseal(row.sealed, place=row.key))
    piece = Piece(body["text"], tuple(body["replies"]))
    return Line(row.number, row.key, State(row.state), row.reason, row.at, row.next_at, row.attempts, piece)

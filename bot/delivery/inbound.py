"""Inbound messages and their first answers: received → recorded → answered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, exists, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.delivery.cipher import Cipher
from bot.delivery.tables import UNANSWERED, spool
from bot.delivery.tables import conversation as conversations
from bot.delivery.tables import inbound as messages
from bot.message import Answer, Control, Message


class State(StrEnum):
    RECEIVED = "received"
    RECORDED = "recorded"
    ANSWERED = "answered"


class Outcome(StrEnum):
    SAID = "said"
    PERSON = "person"
    """A person has control; the bot had nothing to say."""
    DROPPED = "dropped"
    """A person took over while the answer was made (stale epoch): the words were thrown away."""
    NOTED = "noted"
    """On record, and nothing to say: a photo whose words follow."""


@dataclass(frozen=True)
class Standing:
    """Where a message and its conversation stand when its turn begins."""

    answer: Answer | None
    """The first answer, when this message was answered before."""
    control: Control
    epoch: int
    spooled: bool
    """Earlier records of this conversation still wait in the spool."""
    received_at: datetime
    is_new: bool
    """Its turn has not begun before: it may have waited in its lane, but no crash left it behind."""


THIS = (messages.c.conversation == bindparam("conversation_id"), messages.c.message == bindparam("message_id"))
FIND = select(messages.c.received_at, messages.c.answer).where(*THIS)
INSERT = insert(messages)
MARK = update(messages).where(*THIS).values(state=bindparam("new_state"))
ANSWERED = update(messages).where(*THIS).values(state=State.ANSWERED, outcome=bindparam("is"), answer=bindparam("with"))
OF_CONVERSATION = messages.c.conversation == bindparam("conversation_id")
SEALED = select(messages.c.conversation, messages.c.message, messages.c.sealed)
LEFT_BEHIND = SEALED.where(OF_CONVERSATION, UNANSWERED).order_by(messages.c.number)
UNFINISHED = SEALED.where(UNANSWERED, messages.c.received_at <= bindparam("before")).order_by(messages.c.number)
IS_SPOOLED = select(exists().where(spool.c.conversation == bindparam("conversation_id"), spool.c.refused_at.is_(None)))
CONVERSATION = select(conversations).where(conversations.c.id == bindparam("conversation_id"))
BEGINS = {"control": Control.BOT, "epoch": 1, "last_event": 0}
OPEN = {
    "sqlite": sqlite.insert(conversations).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(conversations).on_conflict_do_nothing(),
}
CONTROL = (
    update(conversations)
    .where(conversations.c.id == bindparam("conversation_id"), conversations.c.epoch <= bindparam("new_epoch"))
    .values(control=bindparam("new_control"), epoch=bindparam("new_epoch"))
)
SWEEP = delete(messages).where(messages.c.state == State.ANSWERED, messages.c.received_at < bindparam("before"))


def receive(connection: Connection, message: Message, *, cipher: Cipher) -> Standing:
    """Note that `message` came in, once; say where it stands."""
    row = connection.execute(FIND, _this(message)).one_or_none()
    if row is None:
        sealed = cipher.seal(message.model_dump_json(), place=_place(message))
        values = {"conversation": message.conversation, "message": message.id, "state": State.RECEIVED}
        connection.execute(INSERT, {**values, "received_at": message.at, "sealed": sealed})
    conversation = of(connection, message.conversation)
    waiting = connection.execute(IS_SPOOLED, {"conversation_id": message.conversation}).scalar_one()
    answer = None
    if row is not None and row.answer is not None:
        answer = Answer.model_validate_json(cipher.unseal(row.answer, place=_place(message)))
    return Standing(
        answer,
        Control(conversation.control),
        conversation.epoch,
        spooled=bool(waiting),
        received_at=message.at if row is None else row.received_at,
        is_new=row is None,
    )


def left_behind(connection: Connection, message: Message, *, cipher: Cipher) -> list[Message]:
    """Messages of the conversation that came before `message` and have no answer: who holds its lane knows that their
    process died."""
    rows = connection.execute(LEFT_BEHIND, {"conversation_id": message.conversation})
    return [_opened(row, cipher) for row in takewhile(lambda row: row.message != message.id, rows.all())]


def mark(connection: Connection, message: Message, *, state: State) -> None:
    """`recorded`: ticketing has the customer's words, and Rasa may have been asked."""
    connection.execute(MARK, {**_this(message), "new_state": state})


def answered(connection: Connection, message: Message, answer: Answer, *, outcome: Outcome, cipher: Cipher) -> None:
    """Keep the first answer, and what ticketing said about the conversation."""
    sealed = cipher.seal(answer.model_dump_json(), place=_place(message))
    connection.execute(ANSWERED, {**_this(message), "is": outcome, "with": sealed})
    control(connection, message.conversation, control=answer.control, epoch=answer.epoch)


def unfinished(connection: Connection, *, before: datetime, cipher: Cipher) -> list[Message]:
    """Messages that came in before `before` and have no answer yet, oldest first."""
    return [_opened(row, cipher) for row in connection.execute(UNFINISHED, {"before": before})]


def of(connection: Connection, conversation: str) -> Row[*tuple[Any, ...]]:
    """The conversation's row, made when it is new (also when another process makes it at the same moment)."""
    this = {"conversation_id": conversation}
    if (row := connection.execute(CONVERSATION, this).one_or_none()) is not None:
        return row
    connection.execute(OPEN[connection.dialect.name], {"id": conversation, **BEGINS})
    return connection.execute(CONVERSATION, this).one()


def known(connection: Connection, conversation: str) -> Control:
    """Who has control of the conversation, as far as is known here; nothing is written."""
    row = connection.execute(CONVERSATION, {"conversation_id": conversation}).one_or_none()
    return Control.BOT if row is None else Control(row.control)


def control(connection: Connection, conversation: str, *, control: Control, epoch: int) -> None:
    """Remember who has control; an older epoch than the known one is not believed."""
    values = {"conversation_id": conversation, "new_control": control, "new_epoch": epoch}
    if connection.execute(CONTROL, values).rowcount == 0:
        of(connection, conversation)  # not here yet, or newer here
        connection.execute(CONTROL, values)


def sweep(connection: Connection, *, before: datetime) -> int:
    """Forget answered messages older than `before`; their number."""
    return connection.execute(SWEEP, {"before": before}).rowcount


def _opened(row: Row[*tuple[Any, ...]], cipher: Cipher) -> Message:
    return Message.model_validate_json(cipher.unseal(row.sealed, place=f"{row.conversation}/{row.message}"))


def _this(message: Message) -> dict[str, str]:
    return {"conversation_id": message.conversation, "message_id": message.id}


def _place(message: Message) -> str:
    return f"{message.conversation}/{message.id}"

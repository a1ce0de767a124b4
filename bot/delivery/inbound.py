"""Inbound messages and their first answers: received → recorded → answered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import takewhile

from sqlalchemy import delete, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.delivery.cipher import Cipher
from bot.delivery.models import Conversation, Inbound, Spooled
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


def receive(session: Session, message: Message, *, cipher: Cipher) -> Standing:
    """Note that `message` came in, once; say where it stands."""
    row = session.scalar(select(Inbound).filter_by(conversation=message.conversation, message=message.id))
    is_new = row is None
    if row is None:
        sealed = cipher.seal(message.model_dump_json(), place=_place(message))
        row = Inbound(
            conversation=message.conversation,
            message=message.id,
            state=State.RECEIVED,
            received_at=message.at,
            sealed=sealed,
        )
        session.add(row)
    conversation = of(session, message.conversation)
    waiting = session.scalar(
        select(exists().where(Spooled.conversation == message.conversation, Spooled.refused_at.is_(None)))
    )
    answer = None
    if row.answer is not None:
        answer = Answer.model_validate_json(cipher.unseal(row.answer, place=_place(message)))
    return Standing(answer, Control(conversation.control), conversation.epoch, bool(waiting), row.received_at, is_new)


def left_behind(session: Session, message: Message, *, cipher: Cipher) -> list[Message]:
    """Messages of the conversation that came before `message` and have no answer: who holds its lane knows that their
    process died."""
    rows = session.scalars(
        select(Inbound)
        .where(Inbound.conversation == message.conversation, Inbound.state.in_([State.RECEIVED, State.RECORDED]))
        .order_by(Inbound.number)
    )
    earlier = takewhile(lambda row: row.message != message.id, rows)
    return [Message.model_validate_json(cipher.unseal(row.sealed, place=_place_of(row))) for row in earlier]


def mark(session: Session, message: Message, *, state: State) -> None:
    """`recorded`: ticketing has the customer's words, and Rasa may have been asked."""
    session.execute(
        update(Inbound).filter_by(conversation=message.conversation, message=message.id).values(state=state)
    )


def answered(session: Session, message: Message, answer: Answer, *, outcome: Outcome, cipher: Cipher) -> None:
    """Keep the first answer, and what ticketing said about the conversation."""
    sealed = cipher.seal(answer.model_dump_json(), place=_place(message))
    session.execute(
        update(Inbound)
        .filter_by(conversation=message.conversation, message=message.id)
        .values(state=State.ANSWERED, outcome=outcome, answer=sealed)
    )
    control(session, message.conversation, control=answer.control, epoch=answer.epoch)


def unfinished(session: Session, *, before: datetime, cipher: Cipher) -> list[Message]:
    """Messages that came in before `before` and have no answer yet, oldest first."""
    rows = session.scalars(
        select(Inbound)
        .where(Inbound.state.in_([State.RECEIVED, State.RECORDED]), Inbound.received_at <= before)
        .order_by(Inbound.number)
    )
    return [Message.model_validate_json(cipher.unseal(row.sealed, place=_place_of(row))) for row in rows]


def of(session: Session, conversation: str) -> Conversation:
    """The conversation's row, made when it is new (also when another process makes it at the same moment)."""
    if row := session.get(Conversation, conversation):
        return row
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = {"id": conversation, "control": Control.BOT, "epoch": 1, "last_event": 0}
    session.execute(insert(Conversation).values(values).on_conflict_do_nothing())
    return session.get_one(Conversation, conversation)


def control(session: Session, conversation: str, *, control: Control, epoch: int) -> None:
    """Remember who has control; an older epoch than the known one is not believed."""
    of(session, conversation)
    session.execute(
        update(Conversation)
        .where(Conversation.id == conversation, Conversation.epoch <= epoch)
        .values(control=control, epoch=epoch)
    )


def sweep(session: Session, *, before: datetime) -> int:
    """Forget answered messages older than `before`; their number."""
    gone = session.execute(delete(Inbound).where(Inbound.state == State.ANSWERED, Inbound.received_at < before))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _place(message: Message) -> str:
    return f"{message.conversation}/{message.id}"


def _place_of(row: Inbound) -> str:
    return f"{row.conversation}/{row.message}"

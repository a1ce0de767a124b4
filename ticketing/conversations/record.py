"""The record of a conversation: opened once, locked while it changes, one sentence after the other.

The lock is the conversation's row (`FOR UPDATE`; on SQLite every writing transaction is alone anyway), so the numbers
of the messages have no gap and no double, whoever writes at the same time.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ticketing.audit import service as audit
from ticketing.conversations.concealment import new_salt
from ticketing.conversations.control import START, Control, State
from ticketing.conversations.errors import ConversationNotFound, IdTaken, TextTooLong
from ticketing.conversations.models import Conversation, Message, Speaker
from ticketing.personal import vault

TEXT_LIMIT = 4000
"""Characters of one sentence: as many as fill a screen of WeChat several times over."""


def find(session: Session, conversation_id: str) -> Conversation:
    """The conversation, for reading. Raises ConversationNotFound."""
    conversation = session.get(Conversation, conversation_id)
    if conversation is None:
        raise ConversationNotFound(f"nothing is recorded under conversation '{conversation_id}'")
    return conversation


def lock(session: Session, conversation_id: str) -> Conversation:
    """The conversation, until the end of the transaction nobody else's. Raises ConversationNotFound."""
    conversation = session.get(Conversation, conversation_id, with_for_update=True, populate_existing=True)
    if conversation is None:
        raise ConversationNotFound(f"nothing is recorded under conversation '{conversation_id}'")
    return conversation


def open_or_lock(
    session: Session, conversation_id: str, *, channel: str, reply_to: str | None, caller: str | None, at: datetime
) -> Conversation:
    """The conversation, locked; opened when this is its first sentence.

    The newest reply address counts. The caller's number counts once it is known, and is never changed afterwards,
    because what a conversation may see depends on it.
    """
    try:
        conversation = lock(session, conversation_id)
    except ConversationNotFound:
        conversation = _open(
            session, conversation_id, channel=channel, reply_to=reply_to or f"{channel}:{conversation_id}", at=at
        )
    if reply_to and conversation.reply_to != reply_to:
        conversation.reply_to = reply_to
    if caller and conversation.caller is None:
        conversation.caller, conversation.caller_index = caller, vault.index(caller)
    return conversation


def _open(session: Session, conversation_id: str, *, channel: str, reply_to: str, at: datetime) -> Conversation:
    new = Conversation(
        id=conversation_id,
        channel=channel,
        reply_to=reply_to,
        salt=new_salt(),
        control=START.control,
        epoch=START.epoch,
        opened=at,
        last_activity=at,
        hazard=False,
        last_seq=0,
        dropped=0,
    )
    try:
        with session.begin_nested():
            session.add(new)
    except IntegrityError:  # somebody else opened it between our look and our row
        return lock(session, conversation_id)
    audit.record(
        session,
        kind="conversation.opened",
        subject=f"conversation:{conversation_id}",
        actor="bot",
        data={"channel": channel},
        at=at,
    )
    return new


def known(session: Session, conversation: Conversation, message_id: str, *, speaker: Speaker) -> Message | None:
    """The message that was recorded under this id before. Raises IdTaken when another speaker said it."""
    message = session.scalar(select(Message).where(Message.conversation == conversation.id, Message.id == message_id))
    if message is not None and message.speaker != speaker:
        raise IdTaken(f"'{message_id}' is the id of another speaker's message")
    return message


def of_turn(session: Session, conversation: Conversation, turn: str) -> Sequence[Message]:
    """The bot's sentences that answer the message `turn`, in their order."""
    mine = (Message.conversation == conversation.id, Message.turn == turn, Message.speaker == Speaker.BOT)
    return session.scalars(select(Message).where(*mine).order_by(Message.seq)).all()


def append(
    session: Session,
    conversation: Conversation,
    *,
    id: str,
    at: datetime,
    recorded_at: datetime,
    speaker: Speaker,
    text: str,
    channel: str | None = None,
    kind: str = "text",
    agent: str | None = None,
    confidence: float | None = None,
    talk_track: str | None = None,
    version: int | None = None,
    slots: Mapping[str, Any] | None = None,
    buttons: list[dict[str, str]] | None = None,
    turn: str | None = None,
) -> Message:
    """Write the next sentence of a locked conversation. `slots` are concealed already. Raises TextTooLong."""
    if len(text) > TEXT_LIMIT:
        raise TextTooLong(f"a message has at most {TEXT_LIMIT} characters, this one {len(text)}")
    conversation.last_seq += 1
    conversation.last_activity = max(conversation.last_activity, at)
    message = Message(
        conversation=conversation.id,
        seq=conversation.last_seq,
        id=id,
        at=at,
        recorded_at=recorded_at,
        channel=channel or conversation.channel,
        speaker=speaker,
        agent=agent,
        kind=kind,
        text=text,
        confidence=confidence,
        talk_track=talk_track,
        version=version,
        slots=dict(slots or {}),
        buttons=buttons or [],
        turn=turn,
    )
    session.add(message)
    _put_into_trail(session, message)
    session.flush()
    return message


def _put_into_trail(session: Session, message: Message) -> None:
    """What was heard, and how surely, or what was said, and from which words; the sentence itself as erasable text."""
    is_heard = message.speaker == Speaker.CUSTOMER
    about: dict[str, Any] = {
        "message": message.id,
        "seq": message.seq,
        "channel": message.channel,
        "kind": message.kind,
    }
    if is_heard:
        about |= {"confidence": message.confidence}
    elif message.talk_track is not None:
        about |= {"talk_track": message.talk_track, "version": message.version, "slots": message.slots}
    audit.add(
        session,
        kind="conversation.heard" if is_heard else "conversation.said",
        subject=f"conversation:{message.conversation}",
        actor=f"agent:{message.agent}" if message.agent else str(message.speaker),
        data=about | ({"turn": message.turn} if message.turn else {}),
        at=message.at,
        text=message.text,
    )


def state_of(conversation: Conversation) -> State:
    return State(Control(conversation.control), conversation.epoch, conversation.agent)


def change(conversation: Conversation, state: State) -> None:
    """Put the conversation into `state`; who waits no longer leaves the queue."""
    conversation.control, conversation.epoch, conversation.agent = state.control, state.epoch, state.agent
    if state.control is not Control.WAITING:
        conversation.waiting_since, conversation.hazard = None, False

"""What the customer said and what the bot answers: recorded before it is said, under the epoch it was made for."""

import json
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.orm import Session

from ticketing.audit import service as audit
from ticketing.conversations import control, models, record
from ticketing.conversations.concealment import conceal
from ticketing.conversations.errors import StaleEpoch
from ticketing.conversations.models import Conversation, Message, Speaker
from ticketing.conversations.schemas import (
    Answered,
    Button,
    Decision,
    Inbound,
    Recorded,
    Reply,
    Said,
    Turn,
)
from ticketing.outages import restoration
from ticketing.talk_tracks import service as talk_tracks


def record_message(session: Session, conversation_id: str, inbound: Inbound, *, at: datetime) -> Recorded:
    """Record what the customer said; the same id again gets its first place in the conversation."""
    conversation = record.open_or_lock(
        session,
        conversation_id,
        channel=inbound.channel,
        reply_to=inbound.reply_to,
        caller=inbound.caller,
        at=inbound.at,
    )
    before = record.known(session, conversation, inbound.id, speaker=Speaker.CUSTOMER)
    if before is not None:
        return Recorded(seq=before.seq, control=conversation.control, epoch=conversation.epoch, repeated=True)
    message = record.append(
        session,
        conversation,
        id=inbound.id,
        at=inbound.at,
        recorded_at=at,
        speaker=Speaker.CUSTOMER,
        text=inbound.text,
        channel=inbound.channel,
        kind=inbound.kind,
        confidence=inbound.confidence,
    )
    record.change(conversation, control.customer_spoke(record.state_of(conversation)))
    restoration.heard(session, conversation_id, inbound.text, at=at)
    return Recorded(seq=message.seq, control=conversation.control, epoch=conversation.epoch, repeated=False)


def record_replies(session: Session, conversation_id: str, turn: Turn, *, at: datetime) -> Answered | StaleEpoch:
    """Check the epoch, render and record the bot's answer, all in the caller's transaction.

    The same turn again gets the same words; so does one that the front door, having waited long enough, answered in
    default words of its own. A stale epoch is returned, not raised, because the drop is recorded in this transaction
    too. Raises ConversationNotFound, NothingToSay, TextTooLong.
    """
    conversation = record.lock(session, conversation_id)
    before = session.get(models.Turn, (conversation_id, turn.turn))
    if before is not None:
        return _stale(conversation) if before.dropped else _said_before(session, conversation, turn.turn)
    if record.of_turn(session, conversation, turn.turn):
        _keep_turn(session, conversation, turn, dropped=False, at=at)
        return _said_before(session, conversation, turn.turn)
    if not control.bot_may_speak(record.state_of(conversation), epoch=turn.epoch):
        return _drop(session, conversation, turn, at=at)
    _keep_turn(session, conversation, turn, dropped=False, at=at)
    said = [_say(session, conversation, turn, reply, number=number, at=at) for number, reply in enumerate(turn.replies)]
    return Answered(replies=said, control=conversation.control, epoch=conversation.epoch)


def _say(session: Session, conversation: Conversation, turn: Turn, reply: Reply, *, number: int, at: datetime) -> Said:
    rendered = talk_tracks.render(
        session, name=reply.talk_track, slots=reply.slots, channel=turn.channel, default=reply.default
    )
    message = record.append(
        session,
        conversation,
        id=f"r-{uuid5(NAMESPACE_URL, f'{conversation.id}/{turn.turn}/{number}').hex}",
        at=at,
        recorded_at=at,
        speaker=Speaker.BOT,
        text=rendered.text,
        channel=turn.channel,
        talk_track=reply.talk_track,
        version=rendered.version,
        slots=conceal(reply.slots, open_slots=rendered.open_slots, salt=conversation.salt),
        buttons=list(rendered.buttons) or [button.model_dump() for button in reply.buttons],
        turn=turn.turn,
    )
    return _as_said(message)


def _said_before(session: Session, conversation: Conversation, turn: str) -> Answered:
    said = [_as_said(message) for message in record.of_turn(session, conversation, turn)]
    return Answered(replies=said, control=conversation.control, epoch=conversation.epoch)


def _as_said(message: Message) -> Said:
    return Said(
        id=message.id,
        talk_track=message.talk_track or "",
        version=message.version or 0,
        text=message.text,
        buttons=[Button.model_validate(button) for button in message.buttons],
    )


def _drop(session: Session, conversation: Conversation, turn: Turn, *, at: datetime) -> StaleEpoch:
    _keep_turn(session, conversation, turn, dropped=True, at=at)
    conversation.dropped += 1
    audit.record(
        session,
        kind="conversation.words_dropped",
        subject=f"conversation:{conversation.id}",
        actor="bot",
        data={
            "turn": turn.turn,
            "epoch": turn.epoch,
            "epoch_now": conversation.epoch,
            "talk_tracks": [reply.talk_track for reply in turn.replies],
        },
        at=at,
    )
    return _stale(conversation)


def _stale(conversation: Conversation) -> StaleEpoch:
    return StaleEpoch(
        f"control is '{conversation.control}': the words are dropped",
        control=conversation.control,
        epoch=conversation.epoch,
    )


def _keep_turn(session: Session, conversation: Conversation, turn: Turn, *, dropped: bool, at: datetime) -> None:
    decision = turn.decision or Decision()
    entities = [entity.model_dump() for entity in decision.entities]
    named = json.dumps(entities, ensure_ascii=False) if entities else None
    session.add(
        models.Turn(
            conversation=conversation.id,
            turn=turn.turn,
            at=at,
            epoch=turn.epoch,
            dropped=dropped,
            intent=decision.intent,
            confidence=decision.confidence,
            decision=decision.decision,
            entities=named,
        )
    )
    audit.record(
        session,
        kind="conversation.decided",
        subject=f"conversation:{conversation.id}",
        actor="bot",
        data={
            "turn": turn.turn,
            "epoch": turn.epoch,
            "dropped": dropped,
            "intent": decision.intent,
            "confidence": decision.confidence,
            "decision": decision.decision,
        },
        at=at,
        text=named,
    )

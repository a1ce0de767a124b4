"""A conversation as it was, for people and checks: every sentence, its talk track and version, what became of it."""

import json
from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.conversations import record
from ticketing.conversations.models import Conversation, Delivery, Message, Speaker, Turn
from ticketing.personal import mask


def whole(session: Session, conversation_id: str) -> dict[str, Any]:
    """The conversation with its messages in order. Raises ConversationNotFound."""
    conversation = record.find(session, conversation_id)
    messages = session.scalars(
        select(Message).where(Message.conversation == conversation_id).order_by(Message.seq)
    ).all()
    deliveries, turns = deliveries_of(session, conversation_id), _turns(session, conversation_id)
    shown = [_message(each, deliveries.get(each.id, []), turns) for each in messages]
    return {**_head(conversation), "messages": shown, "turns": list(turns.values())}


def _head(conversation: Conversation) -> dict[str, Any]:
    return {
        "id": conversation.id,
        "channel": conversation.channel,
        "caller": mask(conversation.caller) if conversation.caller else None,
        "control": conversation.control,
        "epoch": conversation.epoch,
        "agent": conversation.agent,
        "skill": conversation.skill,
        "waiting_since": conversation.waiting_since,
        "opened": conversation.opened,
        "last_activity": conversation.last_activity,
        "dropped": conversation.dropped,
    }


def _message(message: Message, deliveries: list[dict[str, Any]], turns: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "seq": message.seq,
        "id": message.id,
        "at": message.at,
        "recorded_at": message.recorded_at,
        "channel": message.channel,
        "speaker": message.speaker,
        "agent": message.agent,
        "kind": message.kind,
        "text": message.text,
        "confidence": message.confidence,
        "talk_track": message.talk_track,
        "version": message.version,
        "slots": message.slots,
        "buttons": message.buttons,
        "turn": message.turn,
        "decision": turns.get(message.id) if message.speaker == Speaker.CUSTOMER else None,
        "deliveries": deliveries,
    }


def deliveries_of(session: Session, conversation_id: str) -> dict[str, list[dict[str, Any]]]:
    """What became of each message, by its id."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in session.scalars(select(Delivery).where(Delivery.conversation == conversation_id).order_by(Delivery.id)):
        found[each.message].append({"state": each.state, "at": each.at, "cut_at_ms": each.cut_at_ms})
    return dict(found)


def _turns(session: Session, conversation_id: str) -> dict[str, dict[str, Any]]:
    return {
        each.turn: {
            "turn": each.turn,
            "intent": each.intent,
            "confidence": each.confidence,
            "decision": each.decision,
            "entities": json.loads(each.entities) if each.entities else [],
            "epoch": each.epoch,
            "dropped": each.dropped,
        }
        for each in session.scalars(
            select(Turn).where(Turn.conversation == conversation_id).order_by(Turn.at, Turn.turn)
        )
    }

"""Words that ticketing itself says, outside of a turn: recorded like all others, sent through the outbox."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy.orm import Session

from ticketing.conversations import record
from ticketing.conversations.concealment import conceal
from ticketing.conversations.models import Conversation, Message, Speaker
from ticketing.outbox import service as outbox
from ticketing.talk_tracks import service as talk_tracks

CALLBACK_ARRANGED = "utter_callback_arranged"
AGENT_JOINED = "utter_agent_joined"
BOT_BACK = "utter_bot_back"


def announce(
    session: Session, conversation: Conversation, *, talk_track: str, slots: Mapping[str, Any], id: str, at: datetime
) -> Message:
    """Have the customer told, in the conversation's present epoch. Raises NothingToSay."""
    channel = conversation.channel
    message = put_down(session, conversation, talk_track=talk_track, slots=slots, channel=channel, id=id, at=at)
    send(session, conversation, message, at=at)
    return message


def put_down(
    session: Session,
    conversation: Conversation,
    *,
    talk_track: str,
    slots: Mapping[str, Any],
    channel: str,
    id: str,
    at: datetime,
) -> Message:
    """Render the published words for `channel` and record them; who calls brings them. Raises NothingToSay."""
    rendered = talk_tracks.render(session, name=talk_track, slots=slots, channel=channel)
    return record.append(
        session,
        conversation,
        id=id,
        at=at,
        recorded_at=at,
        speaker=Speaker.SYSTEM,
        text=rendered.text,
        channel=channel,
        talk_track=talk_track,
        version=rendered.version,
        slots=conceal(slots, open_slots=rendered.open_slots, salt=conversation.salt),
        buttons=list(rendered.buttons),
    )


def send(session: Session, conversation: Conversation, message: Message, *, at: datetime) -> None:
    """Hand a recorded message to the front door, behind those of this conversation that wait already."""
    outbox.put(
        session,
        kind="outgoing",
        key=message.id,
        lane=f"conversation:{conversation.id}",
        payload={
            "id": message.id,
            "conversation": conversation.id,
            "reply_to": conversation.reply_to,
            "epoch": conversation.epoch,
            "speaker": "agent" if message.speaker == Speaker.AGENT else "bot",
            "text": message.text,
            "talk_track": message.talk_track,
            "version": message.version,
            "buttons": message.buttons,
            "control": conversation.control,
        },
        at=at,
    )


def own_id(conversation_id: str, what: str) -> str:
    """An id that is unique among all conversations, and the same when the same is done again."""
    return f"out-{uuid5(NAMESPACE_URL, f'{conversation_id}/{what}').hex}"

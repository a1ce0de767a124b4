"""The proof for a conversation: each sentence beside the talk-track version it came from. Holds no personal text."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.conversations import reading, record
from ticketing.conversations.models import Message
from ticketing.talk_tracks.models import TalkTrack, Variant


def sentences(session: Session, conversation_id: str) -> list[dict[str, Any]]:
    """Sentences in their order; `approved` is None where no published version stands. Raises ConversationNotFound."""
    record.find(session, conversation_id)
    messages = session.scalars(
        select(Message).where(Message.conversation == conversation_id).order_by(Message.seq)
    ).all()
    versions = _versions(session, {message.talk_track for message in messages if message.talk_track})
    deliveries = reading.deliveries_of(session, conversation_id)
    return [
        {
            "seq": message.seq,
            "id": message.id,
            "at": message.at,
            "recorded_at": message.recorded_at,
            "speaker": message.speaker,
            "agent": message.agent,
            "talk_track": message.talk_track,
            "version": message.version,
            "slots": message.slots,
            "approved": versions.get((message.talk_track, message.version)),
            "deliveries": deliveries.get(message.id, []),
        }
        for message in messages
    ]


def _versions(session: Session, names: set[str]) -> dict[tuple[str | None, int | None], dict[str, Any]]:
    rows = session.scalars(select(TalkTrack).where(TalkTrack.name.in_(names), TalkTrack.variant == Variant.CHAT))
    return {
        (row.name, row.version): {
            "author": row.author,
            "reviewer": row.reviewer,
            "publisher": row.publisher,
            "published_at": row.published_at,
        }
        for row in rows
    }

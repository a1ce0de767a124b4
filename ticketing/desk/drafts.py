"""Words that are typed and not sent: kept at every pause, there after a crash, handed on with the conversation."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.conversations import record
from ticketing.conversations.control import Control
from ticketing.desk.models import Draft
from ticketing.desk.schemas import DraftView


def keep(session: Session, conversation_id: str, *, agent: str, text: str, at: datetime) -> None:
    """The newest words of this person win; none at all: nothing is kept. Raises ConversationNotFound."""
    conversation = record.lock(session, conversation_id)
    row = session.get(Draft, (conversation.id, agent))
    if not text.strip():
        if row is not None:
            session.delete(row)
    elif row is None:
        session.add(Draft(conversation=conversation.id, agent=agent, text=text, at=at))
    else:
        row.text, row.at = text, at
    session.flush()


def of(session: Session, conversation_id: str, *, agent: str) -> DraftView:
    """One's own; and, for who has the conversation, the newest that somebody before left."""
    conversation = record.find(session, conversation_id)
    query = select(Draft).where(Draft.conversation == conversation_id).order_by(Draft.at.desc())
    rows = {row.agent: row for row in reversed(session.scalars(query).all())}
    mine = rows.pop(agent, None)
    has = conversation.control == Control.AGENT and conversation.agent == agent
    left = max(rows.values(), key=lambda row: row.at, default=None) if has else None
    return DraftView(
        mine=mine.text if mine else "", left=left.text if left else "", left_by=left.agent if left else None
    )


def clear(session: Session, conversation_id: str, *, agent: str) -> None:
    """The words were sent."""
    row = session.get(Draft, (conversation_id, agent))
    if row is not None:
        session.delete(row)
        session.flush()

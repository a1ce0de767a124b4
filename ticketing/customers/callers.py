"""The number that a conversation calls from, as the front door told it with a message."""

from sqlalchemy.orm import Session

from ticketing.conversations.models import Conversation


def number_of(session: Session, conversation: str) -> str | None:
    """The caller's number, or None: no telephone line, a hidden number, or no such conversation."""
    known = session.get(Conversation, conversation)
    return known.caller if known else None

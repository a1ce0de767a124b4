"""Which conversations a person at the desk may read, and who may act in one."""

from typing import Annotated

from fastapi import Depends, Path, Request
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from ticketing.accounts.people import May, refuse
from ticketing.accounts.roles import Right
from ticketing.accounts.sessions import Person
from ticketing.conversations import record
from ticketing.conversations.control import Control
from ticketing.conversations.errors import NotYours
from ticketing.conversations.models import Conversation, Stint
from ticketing.desk.errors import MovedOn


def may_read(session: Session, conversation: Conversation, person: Person) -> bool:
    """Those who wait are everybody's who serves; others are read by who has or had them, and by who may watch."""
    rights = person.role.rights
    if Right.WATCH in rights:
        return True
    if Right.SERVE not in rights:
        return False
    if conversation.control == Control.WAITING or conversation.agent == person.name:
        return True
    had = select(Stint.epoch).where(Stint.conversation == conversation.id, Stint.agent == person.name).limit(1)
    return session.scalar(had) is not None


def readable(
    request: Request,
    person: Annotated[Person, Depends(May())],
    conversation: Annotated[str, Path(pattern=r"^[\w.:@~+=-]{1,100}$")],
) -> Person:
    """Dependency of everything under one conversation. Raises ConversationNotFound, RightMissing (recorded)."""
    factory: sessionmaker[Session] = request.app.state.sessions
    with factory() as session:
        session.connection(execution_options={"reading": True})
        allowed = may_read(session, record.find(session, conversation), person)
    if not allowed:
        refuse(factory, person, what=f"read conversation:{conversation}", missing=Right.WATCH)
    return person


Reader = Annotated[Person, Depends(readable)]


def hold(session: Session, conversation_id: str, person: Person, *, epoch: int | None = None) -> Conversation:
    """The conversation, locked, which the person has now. Raises ConversationNotFound, NotYours, MovedOn."""
    conversation = record.lock(session, conversation_id)
    has = conversation.control in {Control.AGENT, Control.WRAP_UP} and conversation.agent == person.name
    if not has:
        whose = conversation.agent or conversation.control
        raise NotYours(
            f"'{person.name}' does not have this conversation: '{whose}' has",
            agent=conversation.agent,
            control=conversation.control,
        )
    if epoch is not None and epoch != conversation.epoch:
        raise MovedOn(f"the conversation is at epoch {conversation.epoch}", epoch=conversation.epoch)
    return conversation

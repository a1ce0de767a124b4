"""What a person does in a conversation, each under the epoch of the screen on which it was decided."""

from datetime import datetime

from sqlalchemy.orm import Session

from ticketing.accounts.roles import Right
from ticketing.accounts.sessions import Person
from ticketing.conversations import desk, record, transfers
from ticketing.conversations.announcements import own_id
from ticketing.conversations.control import State
from ticketing.conversations.models import Speaker
from ticketing.conversations.schemas import AgentMessage, Recorded
from ticketing.desk import drafts
from ticketing.desk.models import Outcome
from ticketing.desk.schemas import End, HandOver, Say
from ticketing.desk.visibility import hold
from ticketing.errors import InvalidRequest


def say(session: Session, conversation_id: str, said: Say, *, person: Person, at: datetime) -> Recorded:
    """Say it, once however often it is sent, and clear the draft. Raises NotYours, MovedOn, TextTooLong."""
    conversation = record.lock(session, conversation_id)
    message_id = own_id(conversation_id, f"agent/{person.name}/{said.id}")
    if record.known(session, conversation, message_id, speaker=Speaker.AGENT) is None:
        hold(session, conversation_id, person, epoch=said.epoch)
    words = AgentMessage(agent=person.name, id=said.id, text=said.text)
    recorded = desk.say(session, conversation_id, words, at=at)
    drafts.clear(session, conversation_id, agent=person.name)
    return recorded


def give_back(session: Session, conversation_id: str, *, epoch: int, person: Person, at: datetime) -> State:
    """Return the customer to the bot. Raises NotYours, MovedOn."""
    hold(session, conversation_id, person, epoch=epoch)
    return desk.give_back(session, conversation_id, agent=person.name, at=at)


def hand_over(session: Session, conversation_id: str, asked: HandOver, *, person: Person, at: datetime) -> State:
    """To a person or to the queue; a supervisor may move what others have. Raises NotYours, MovedOn, NotOnDuty."""
    if (asked.to is None) == (asked.skill is None):
        raise InvalidRequest("say to whom, or for which skill")
    conversation = record.lock(session, conversation_id)
    if Right.REASSIGN not in person.role.rights or conversation.agent is None:
        hold(session, conversation_id, person, epoch=asked.epoch)
    owner = conversation.agent or person.name
    if asked.to is not None:
        return transfers.to_person(session, conversation_id, agent=owner, to=asked.to, actor=person.name, at=at)
    note, skill = asked.note or f"{owner} → {asked.skill}", asked.skill or "general"
    return transfers.to_queue(session, conversation_id, agent=owner, skill=skill, note=note, at=at)


def end(session: Session, conversation_id: str, asked: End, *, person: Person, at: datetime) -> State:
    """The last word is said: write down what came of it, and close. Raises NotYours, MovedOn."""
    conversation = hold(session, conversation_id, person, epoch=asked.epoch)
    desk.finish(session, conversation_id, agent=person.name, at=at)
    row = session.get(Outcome, (conversation_id, conversation.epoch))
    if row is None:
        row = Outcome(conversation=conversation_id, epoch=conversation.epoch, agent=person.name)
        session.add(row)
    row.outcome, row.note, row.at = asked.outcome, asked.note, at
    return desk.close(session, conversation_id, agent=person.name, at=at)

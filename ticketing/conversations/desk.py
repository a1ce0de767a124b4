"""The agents' desk: who is on duty, who waits, taking a conversation, speaking in it, giving it back."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.audit import service as audit
from ticketing.conversations import announcements, control, record
from ticketing.conversations.announcements import own_id
from ticketing.conversations.control import State
from ticketing.conversations.errors import NotOnDuty, NotYours
from ticketing.conversations.handoffs import latest_wish, waiting_line
from ticketing.conversations.models import Conversation, DeskAgent, Message, Speaker, Stint
from ticketing.conversations.queue import line
from ticketing.conversations.schemas import AgentMessage, Duty, Recorded


def set_duty(session: Session, duty: Duty, *, at: datetime) -> DeskAgent:
    """Put a person on duty with the skills given, or off."""
    agent = session.get(DeskAgent, duty.agent, with_for_update=True, populate_existing=True)
    if agent is None:
        agent = DeskAgent(name=duty.agent, skills=duty.skills, on_duty=duty.on, since=at)
        session.add(agent)
    else:
        agent.skills, agent.on_duty, agent.since = list(duty.skills or agent.skills), duty.on, at
    audit.record(
        session,
        kind="desk.duty",
        subject=f"agent:{duty.agent}",
        actor=f"agent:{duty.agent}",
        data={"on": duty.on, "skills": list(agent.skills)},
        at=at,
    )
    return agent


def people_on_duty(session: Session) -> list[dict[str, Any]]:
    """Names and skills of those who may take conversations now."""
    agents = session.scalars(select(DeskAgent).where(DeskAgent.on_duty).order_by(DeskAgent.name))
    return [{"agent": agent.name, "skills": agent.skills, "since": agent.since} for agent in agents]


def queue(session: Session, *, at: datetime) -> list[dict[str, Any]]:
    """Who waits, next first, with why and since when."""
    return [
        _waiting_one(session, each.conversation, place=place, since=each.since, at=at)
        for place, each in enumerate(line(waiting_line(session)), start=1)
    ]


def _waiting_one(
    session: Session, conversation_id: str, *, place: int, since: datetime, at: datetime
) -> dict[str, Any]:
    conversation = record.find(session, conversation_id)
    wish = latest_wish(session, conversation_id)
    return {
        "conversation": conversation_id,
        "position": place,
        "channel": conversation.channel,
        "skill": conversation.skill,
        "hazard": conversation.hazard,
        "reason": wish.reason,
        "summary": wish.summary,
        "waiting_since": since,
        "waited_s": int((at - since).total_seconds()),
    }


def take(session: Session, conversation_id: str, *, agent: str, at: datetime) -> State:
    """Give a person control, and say so to the customer. Taking twice changes nothing.

    Raises ConversationNotFound, NotOnDuty, TakenByAnother.
    """
    conversation = record.lock(session, conversation_id)
    must_be_on_duty(session, agent)
    before, since = record.state_of(conversation), conversation.waiting_since
    after = control.take(before, agent=agent)
    if after == before:
        return after
    begin_stint(session, conversation, after, agent=agent, since=since, kind="conversation.taken", actor=agent, at=at)
    return after


def must_be_on_duty(session: Session, agent: str) -> None:
    """Raises NotOnDuty."""
    person = session.get(DeskAgent, agent)
    if person is None or not person.on_duty:
        raise NotOnDuty(f"'{agent}' is not on duty")


def begin_stint(
    session: Session,
    conversation: Conversation,
    after: State,
    *,
    agent: str,
    since: datetime | None,
    kind: str,
    actor: str,
    at: datetime,
) -> None:
    """`agent` has control from here on, and the customer hears so.

    `since`: when the customer's waiting began. `kind` and `actor`: who brought it about, for the audit trail.
    """
    record.change(conversation, after)
    session.add(Stint(conversation=conversation.id, epoch=after.epoch, agent=agent, waiting_since=since, taken=at))
    note(session, conversation, kind=kind, agent=actor, at=at)
    announcements.announce(
        session,
        conversation,
        talk_track=announcements.AGENT_JOINED,
        slots={"agent": agent},
        id=own_id(conversation.id, f"taken/{after.epoch}"),
        at=at,
    )


def say(session: Session, conversation_id: str, message: AgentMessage, *, at: datetime) -> Recorded:
    """Record what a person says and send it. The same id again gets its first place.

    Raises ConversationNotFound, NotYours, TextTooLong.
    """
    conversation = record.lock(session, conversation_id)
    message_id = own_id(conversation_id, f"agent/{message.agent}/{message.id}")
    before = record.known(session, conversation, message_id, speaker=Speaker.AGENT)
    if before is not None:
        return _recorded(conversation, before, repeated=True)
    if not control.agent_may_speak(record.state_of(conversation), agent=message.agent):
        raise NotYours(f"'{message.agent}' does not have this conversation: control is '{conversation.control}'")
    said = record.append(
        session,
        conversation,
        id=message_id,
        at=at,
        recorded_at=at,
        speaker=Speaker.AGENT,
        agent=message.agent,
        text=message.text,
    )
    announcements.send(session, conversation, said, at=at)
    return _recorded(conversation, said, repeated=False)


def give_back(session: Session, conversation_id: str, *, agent: str, at: datetime) -> State:
    """Return the customer to the bot, and say who speaks now. Raises ConversationNotFound, NotYours."""
    conversation = record.lock(session, conversation_id)
    after = control.give_back(record.state_of(conversation), agent=agent)
    end_stint(session, conversation, at=at)
    record.change(conversation, after)
    note(session, conversation, kind="conversation.returned", agent=agent, at=at)
    announcements.announce(
        session,
        conversation,
        talk_track=announcements.BOT_BACK,
        slots={},
        id=own_id(conversation_id, f"returned/{after.epoch}"),
        at=at,
    )
    return after


def finish(session: Session, conversation_id: str, *, agent: str, at: datetime) -> State:
    """The last word is said; the person writes up. Raises ConversationNotFound, NotYours."""
    conversation = record.lock(session, conversation_id)
    before = record.state_of(conversation)
    after = control.finish(before, agent=agent)
    if after != before:
        end_stint(session, conversation, at=at)
        record.change(conversation, after)
        note(session, conversation, kind="conversation.finished", agent=agent, at=at)
    return after


def close(session: Session, conversation_id: str, *, agent: str, at: datetime) -> State:
    """The matter is done; the customer's next word opens it again. Raises ConversationNotFound, NotYours."""
    conversation = record.lock(session, conversation_id)
    after = control.close(record.state_of(conversation), agent=agent)
    record.change(conversation, after)
    note(session, conversation, kind="conversation.closed", agent=agent, at=at)
    return after


def end_stint(session: Session, conversation: Conversation, *, at: datetime) -> None:
    """The person who has the conversation has it no longer."""
    stint = session.get(Stint, (conversation.id, conversation.epoch))
    if stint is not None and stint.ended is None:
        stint.ended = at


def note(session: Session, conversation: Conversation, *, kind: str, agent: str, at: datetime) -> None:
    """Put a step at the desk into the trail."""
    audit.record(
        session,
        kind=kind,
        subject=f"conversation:{conversation.id}",
        actor=f"agent:{agent}",
        data={"epoch": conversation.epoch, "control": conversation.control},
        at=at,
    )


def _recorded(conversation: Conversation, message: Message, *, repeated: bool) -> Recorded:
    return Recorded(seq=message.seq, control=conversation.control, epoch=conversation.epoch, repeated=repeated)

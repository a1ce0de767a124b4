"""A conversation changes hands: to another person, or back to the queue for a skill. The customer is told each time."""

from datetime import datetime

from sqlalchemy.orm import Session

from ticketing.conversations import announcements, control, desk, record
from ticketing.conversations.announcements import own_id
from ticketing.conversations.control import State
from ticketing.conversations.handoffs import HAZARD, latest_wish
from ticketing.conversations.models import Handoff

PASSED_ON = "utter_handoff"


def to_person(session: Session, conversation_id: str, *, agent: str, to: str, actor: str, at: datetime) -> State:
    """`agent`, who has it, gives it to `to`; `actor` did that (a supervisor may). Again: nothing changes.

    Raises ConversationNotFound, NotOnDuty, NotYours.
    """
    conversation = record.lock(session, conversation_id)
    desk.must_be_on_duty(session, to)
    before = record.state_of(conversation)
    after = control.hand_over(before, agent=agent, to=to)
    if after == before:
        return after
    desk.end_stint(session, conversation, at=at)
    kind = "conversation.handed_over"
    desk.begin_stint(session, conversation, after, agent=to, since=None, kind=kind, actor=actor, at=at)
    return after


def to_queue(session: Session, conversation_id: str, *, agent: str, skill: str, note: str, at: datetime) -> State:
    """Let the customer wait for somebody with `skill`; `note` is what the next person reads first.

    Raises ConversationNotFound, NotYours.
    """
    conversation = record.lock(session, conversation_id)
    after = control.put_back(record.state_of(conversation), agent=agent)
    desk.end_stint(session, conversation, at=at)
    record.change(conversation, after)
    asked_before = session.query(Handoff).filter_by(conversation=conversation_id).first() is not None
    reason = latest_wish(session, conversation_id).reason if asked_before else "asked"
    session.add(
        Handoff(
            conversation=conversation_id,
            key=f"passed-on/{after.epoch}",
            at=at,
            reason=reason,
            skill=skill,
            summary=note[: record.TEXT_LIMIT],
        )
    )
    conversation.skill, conversation.waiting_since, conversation.hazard = skill, at, reason == HAZARD
    desk.note(session, conversation, kind="conversation.passed_on", agent=agent, at=at)
    announcements.announce(
        session,
        conversation,
        talk_track=PASSED_ON,
        slots={},
        id=own_id(conversation_id, f"passed-on/{after.epoch}"),
        at=at,
    )
    return after

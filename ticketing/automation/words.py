"""What the flow tells a customer: recorded with its talk track and its promises first, then handed over."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.automation import promises
from ticketing.automation.jobs import Job
from ticketing.conversations import announcements, record
from ticketing.conversations.models import Conversation, Message
from ticketing.talk_tracks import service as talk_tracks
from ticketing.work_orders.terms import Term

SMS = "sms"
SPOKEN = ("utter_outage_promise", "utter_order_promise")
"""The bot's own sentences that tell an order's first promise, right after it was made."""


def say(
    session: Session, job: Job, *, talk_track: str, slots: Mapping[str, Any], told: Sequence[Term], at: datetime
) -> Message | None:
    """Record the step's sentence in the order's conversation, and its promises; None: there is nobody to tell.

    In a chat the front door brings it (through the outbox); otherwise the caller sends it as a text message. The same
    step again gets the first sentence.
    """
    if session.get(Conversation, job.conversation) is None or not (job.chat or job.phone):
        return None
    conversation = record.lock(session, job.conversation)
    id = announcements.own_id(job.conversation, job.key)
    first = session.scalar(select(Message).where(Message.conversation == conversation.id, Message.id == id))
    what: dict[str, Any] = {"talk_track": talk_track, "slots": slots, "id": id, "at": at}
    if first:
        message = first
    elif job.chat:
        message = announcements.announce(session, conversation, **what)
    else:
        message = announcements.put_down(session, conversation, channel=SMS, **what)
    for term in told:
        promises.tell(
            session, order=job.order, conversation=conversation.id, message=message.id, term=term, at=message.at
        )
    return message


def link_spoken(session: Session, job: Job, term: Term) -> None:
    """What the bot told in the conversation that made the order is a promise too, a row for each sentence."""
    spoken = select(Message).where(
        Message.conversation == job.conversation, Message.talk_track.in_(SPOKEN), Message.at >= job.created
    )
    for message in session.scalars(spoken):
        promises.tell(
            session, order=job.order, conversation=job.conversation, message=message.id, term=term, at=message.at
        )


def text(session: Session, *, talk_track: str, slots: Mapping[str, Any]) -> str:
    """Words for our own people; no conversation keeps them."""
    return talk_tracks.render(session, name=talk_track, slots=slots, channel=SMS).text

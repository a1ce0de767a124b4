"""A conversation as a screen follows it: what is new behind the numbers it has. Nothing falls between two looks."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.conversations import record
from ticketing.conversations.models import Conversation, Delivery, Message
from ticketing.desk import masking
from ticketing.desk.schemas import DeliveryView, HeadView, MessageView, PageView
from ticketing.personal import mask

MOST = 500
"""Messages of one answer; the screen asks again where there are more."""


def page(session: Session, conversation_id: str, *, after: int, after_delivery: int) -> PageView:
    """Messages have numbers without a gap within a conversation, deliveries grow; both are read in one snapshot.

    Raises ConversationNotFound.
    """
    conversation = record.find(session, conversation_id)
    here = (Message.conversation == conversation_id, Message.seq > after)
    messages = session.scalars(select(Message).where(*here).order_by(Message.seq).limit(MOST)).all()
    became = (Delivery.conversation == conversation_id, Delivery.id > after_delivery)
    deliveries = session.scalars(select(Delivery).where(*became).order_by(Delivery.id).limit(2 * MOST)).all()
    return PageView(
        head=head(conversation),
        messages=[_message(each) for each in messages],
        deliveries=[_delivery(each) for each in deliveries],
    )


def head(row: Conversation) -> HeadView:
    return HeadView(
        conversation=row.id,
        channel=row.channel,
        caller=mask(row.caller) if row.caller else None,
        control=row.control,
        epoch=row.epoch,
        agent=row.agent,
        skill=row.skill,
        hazard=row.hazard,
        waiting_since=row.waiting_since,
        opened=row.opened,
        last_activity=row.last_activity,
        last_seq=row.last_seq,
        dropped=row.dropped,
    )


def _message(row: Message) -> MessageView:
    text, hidden = masking.words(row.text, kind=row.kind)
    return MessageView(
        seq=row.seq,
        id=row.id,
        at=row.at,
        speaker=row.speaker,
        agent=row.agent,
        kind=row.kind,
        text=text,
        hidden=hidden,
        confidence=row.confidence,
        talk_track=row.talk_track,
        version=row.version,
        buttons=row.buttons,
    )


def _delivery(row: Delivery) -> DeliveryView:
    return DeliveryView(number=row.id, message=row.message, state=row.state, at=row.at, cut_at_ms=row.cut_at_ms)

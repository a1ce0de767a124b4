"""What is said about an outage outside of a turn: that a report has joined it, that power should be back.

A web or WeChat conversation hears it at its own address; who rang by telephone gets a text message. Where there is
neither, a person calls back.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from ticketing.conversations import announcements, record
from ticketing.conversations.announcements import own_id
from ticketing.conversations.models import Conversation
from ticketing.outages.models import Outage, OutageReport
from ticketing.outbox import service as outbox
from ticketing.talk_tracks import service as talk_tracks
from ticketing.work_orders import service as work_orders
from ticketing.work_orders.numbers import LOCAL

PHONE = "phone"
JOINED, JOINED_OPEN = "utter_outage_joined", "utter_outage_joined_no_etr"
IS_POWER_BACK, SMS_POWER_BACK = "utter_outage_callback", "utter_sms_outage_callback"


class Way(StrEnum):
    MESSAGE = "message"
    SMS = "sms"
    PERSON = "person"


def way_of(*, channel: str | None, phone: str | None, need: str | None) -> Way:
    """How a caller is reached. Whoever depends on power is asked by a person. Pure."""
    if need in {"medical", "lift"}:
        return Way.PERSON
    if channel is not None and channel != PHONE:
        return Way.MESSAGE
    return Way.SMS if phone else Way.PERSON


def joined(session: Session, report: str, outage: Outage, *, at: datetime) -> None:
    """Tell who has an order of their own that it is part of an outage now, and until when."""
    row = session.get(OutageReport, report)
    conversation = session.get(Conversation, row.conversation) if row else None
    if row is None or conversation is None or conversation.channel == PHONE:
        return  # nobody is on the line; when power is back they are asked
    slots: dict[str, Any] = {"area": outage.area, "order_number": row.order_number}
    if outage.etr:
        slots["etr"] = f"{outage.etr.astimezone(LOCAL):%H:%M}"
    track = JOINED if outage.etr else JOINED_OPEN
    _announce(session, conversation.id, track, slots, what=f"joined/{report}", at=at)


def ask(session: Session, report: OutageReport, outage: Outage, *, id: str, at: datetime) -> Way:
    """Ask whether power is back. Returns the way that was taken."""
    conversation = session.get(Conversation, report.conversation)
    way = way_of(channel=conversation.channel if conversation else None, phone=report.contact_phone, need=report.need)
    slots = {"area": outage.area}
    match way:
        case Way.MESSAGE:
            _announce(session, report.conversation, IS_POWER_BACK, slots, what=f"callback/{id}", at=at)
        case Way.SMS:
            said = talk_tracks.render(session, name=SMS_POWER_BACK, slots=slots, channel="chat")
            payload = {"to": report.contact_phone, "text": said.text}
            outbox.put(session, kind="sms", key=f"callback:{id}", payload=payload, at=at)
        case Way.PERSON:
            work_orders.create(
                session,
                key=f"callback:{id}",
                kind="callback",
                conversation=report.conversation,
                description=outage.area,
                contact_phone=report.contact_phone,
                address=report.address,
                details={"reason": "restored", "outage": outage.id, "need": report.need},
                at=at,
                actor="outages",
            )
    return way


def _announce(
    session: Session, conversation: str, track: str, slots: dict[str, Any], *, what: str, at: datetime
) -> None:
    locked = record.lock(session, conversation)
    announcements.announce(session, locked, talk_track=track, slots=slots, id=own_id(conversation, what), at=at)

"""What became of the words after they left: delivered, dropped, or cut short by the customer."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.conversations import record
from ticketing.conversations.models import Delivery, Message
from ticketing.conversations.schemas import DeliveryReport


def record_deliveries(
    session: Session, conversation_id: str, reports: list[DeliveryReport], *, at: datetime
) -> tuple[int, list[str]]:
    """Append what became of messages; returns how many stand in the record, and the ids nobody knows.

    A report that is there already counts and is not written twice.
    """
    conversation = record.lock(session, conversation_id)
    wanted = {report.reply for report in reports}
    here = (Message.conversation == conversation.id, Message.id.in_(wanted))
    known = set(session.scalars(select(Message.id).where(*here)))
    there = {
        (message, state)
        for message, state in session.execute(
            select(Delivery.message, Delivery.state).where(
                Delivery.conversation == conversation.id, Delivery.message.in_(wanted)
            )
        )
    }
    for report in reports:
        if report.reply not in known or (report.reply, report.state) in there:
            continue
        there.add((report.reply, report.state))
        session.add(
            Delivery(
                conversation=conversation.id,
                message=report.reply,
                state=report.state,
                at=report.at or at,
                cut_at_ms=report.cut_at_ms,
            )
        )
    session.flush()
    return sum(report.reply in known for report in reports), sorted(wanted - known)

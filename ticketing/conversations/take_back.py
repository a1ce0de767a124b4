"""Nobody waits for ever: who was not taken in time gets a call-back order, is told so, and has the bot again."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from ticketing.audit import service as audit
from ticketing.conversations import announcements, control, record
from ticketing.conversations.announcements import own_id
from ticketing.conversations.control import Control
from ticketing.conversations.handoffs import call_back, latest_wish
from ticketing.conversations.models import Conversation
from ticketing.errors import TicketingError

log = structlog.get_logger("ticketing.conversations")
ACTOR = "ticketing"


def take_back_all(sessions: sessionmaker[Session], *, limit_s: int, at: datetime) -> int:
    """Take back all who have waited for more than `limit_s`, each in a transaction of its own; how many that were."""
    since = at - timedelta(seconds=limit_s)
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        late = session.execute(
            select(Conversation.id, Conversation.waiting_since)
            .where(Conversation.control == Control.WAITING, Conversation.waiting_since < since)
            .order_by(Conversation.waiting_since)
        ).all()
    done = 0
    for conversation_id, waiting_since in late:
        try:
            with sessions.begin() as session:
                done += take_back(session, conversation_id, waiting_since=waiting_since, at=at)
        except TicketingError as error:  # one that cannot be taken back must not hold up the others
            log.error(
                "take_back_refused", conversation=conversation_id, error=type(error).__name__, detail=error.detail
            )
    return done


def take_back(session: Session, conversation_id: str, *, waiting_since: datetime | None, at: datetime) -> bool:
    """Take back the one that has waited since then, unless an agent or another process was quicker."""
    conversation = record.lock(session, conversation_id)
    if conversation.control != Control.WAITING or conversation.waiting_since != waiting_since or waiting_since is None:
        return False
    wish = latest_wish(session, conversation_id)
    order = call_back(session, conversation, wish, actor=ACTOR, at=at)
    wish.order_number = order.number
    record.change(conversation, control.wait_ended(record.state_of(conversation)))
    audit.record(
        session,
        kind="conversation.taken_back",
        subject=f"conversation:{conversation_id}",
        actor=ACTOR,
        data={"order": order.number, "waited_s": int((at - waiting_since).total_seconds())},
        at=at,
    )
    announcements.announce(
        session,
        conversation,
        talk_track=announcements.CALLBACK_ARRANGED,
        slots={"order_number": order.number},
        id=own_id(conversation_id, f"taken-back/{wish.key}"),
        at=at,
    )
    log.info("conversation_taken_back", conversation=conversation_id, order=order.number)
    return True

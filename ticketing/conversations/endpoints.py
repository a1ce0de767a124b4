"""Conversations over HTTP, as in docs/architecture.md."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from ticketing import errors
from ticketing.access import Caller, Only
from ticketing.audit import service as audit
from ticketing.conversations import deliveries, handoffs, reading, service, spool
from ticketing.conversations.errors import StaleEpoch
from ticketing.conversations.schemas import (
    Answered,
    ConversationId,
    Deliveries,
    DeliveriesRecorded,
    HandoffAnswer,
    HandoffWish,
    Inbound,
    Recorded,
    Spooled,
    SpooledRecorded,
    Turn,
)
from ticketing.db import Writing, now
from ticketing.rulebook.wiring import Book
from ticketing.work_orders.schemas import present

router = APIRouter(prefix="/api/conversations/{conversation}", tags=["conversations"])
FrontDoor = Annotated[Caller, Depends(Only(Caller.BOT))]
Assistant = Annotated[Caller, Depends(Only(Caller.BOT, Caller.ACTIONS))]
Reader = Annotated[Caller, Depends(Only(Caller.BOT, Caller.ACTIONS, Caller.DEMO))]


@router.post("/messages")
def record_message(conversation: ConversationId, inbound: Inbound, session: Writing, _: FrontDoor) -> Recorded:
    """What the customer said; the answer says who has control."""
    return service.record_message(session, conversation, inbound, at=now())


@router.post("/replies", response_model=Answered)
def record_replies(conversation: ConversationId, turn: Turn, session: Writing, _: FrontDoor) -> Answered | JSONResponse:
    """The bot's answer: checked, rendered, recorded. 409 StaleEpoch when a person took over meanwhile."""
    answered = service.record_replies(session, conversation, turn, at=now())
    # Answered, not raised: the drop itself must be committed.
    return errors.answer(answered) if isinstance(answered, StaleEpoch) else answered


@router.post("/deliveries")
def record_deliveries(
    conversation: ConversationId, reports: Deliveries, session: Writing, _: FrontDoor
) -> DeliveriesRecorded:
    """What became of words that left."""
    recorded, unknown = deliveries.record_deliveries(session, conversation, reports.deliveries, at=now())
    return DeliveriesRecorded(recorded=recorded, unknown=unknown)


@router.post("/spooled")
def record_spooled(conversation: ConversationId, spooled: Spooled, session: Writing, _: FrontDoor) -> SpooledRecorded:
    """What was heard and said while ticketing was down."""
    return SpooledRecorded(recorded=spool.record_spooled(session, conversation, spooled.entries, at=now()))


@router.post("/handoff")
def ask_person(
    conversation: ConversationId, wish: HandoffWish, session: Writing, promises: Book, caller: Assistant
) -> HandoffAnswer:
    """A person, or a call-back order when nobody is on duty."""
    arranged = handoffs.ask_person(session, conversation, wish, actor=caller, at=now())
    return HandoffAnswer(
        control=arranged.control,
        epoch=arranged.epoch,
        position=arranged.position,
        wait_s=arranged.wait_s,
        order=present(session, arranged.order, promises) if arranged.order else None,
    )


@router.get("")
def read(conversation: ConversationId, session: Writing, caller: Reader) -> dict[str, Any]:
    """The whole conversation. The look is recorded in the audit trail."""
    shown = reading.whole(session, conversation)
    audit.record(
        session,
        kind="conversation.looked_at",
        subject=f"conversation:{conversation}",
        actor=caller,
        data={"messages": len(shown["messages"])},
        at=now(),
    )
    return shown

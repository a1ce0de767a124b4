"""The wish for a person: the queue when somebody is on duty, a call-back order when nobody is. Never a dead end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.audit import service as audit
from ticketing.conversations import control, record
from ticketing.conversations.control import Control
from ticketing.conversations.models import Conversation, DeskAgent, Handoff, Stint
from ticketing.conversations.queue import Waiting, can_serve, position, wait_estimate
from ticketing.conversations.schemas import HandoffWish
from ticketing.work_orders import service as work_orders
from ticketing.work_orders.kinds import Kind
from ticketing.work_orders.models import WorkOrder
from ticketing.work_orders.states import State as OrderState

HAZARD = "hazard"
STINTS_MEASURED = 20


@dataclass(frozen=True)
class Arranged:
    """Where the wish for a person led: a place in the queue with the seconds to wait (None: not known), or an order."""

    control: str
    epoch: int
    position: int | None
    wait_s: int | None
    order: WorkOrder | None


def ask_person(session: Session, conversation_id: str, wish: HandoffWish, *, actor: str, at: datetime) -> Arranged:
    """Put the conversation into the queue, or arrange a call-back. The same key again changes nothing.

    Raises ConversationNotFound.
    """
    conversation = record.lock(session, conversation_id)
    handoff = session.get(Handoff, (conversation_id, wish.key))
    if handoff is None:
        handoff = _arrange(session, conversation, wish, actor=actor, at=at)
    return _answer(session, conversation, handoff)


def _arrange(session: Session, conversation: Conversation, wish: HandoffWish, *, actor: str, at: datetime) -> Handoff:
    handoff = Handoff(
        conversation=conversation.id,
        key=wish.key,
        at=at,
        reason=wish.reason,
        skill=wish.skill,
        summary=wish.summary[: record.TEXT_LIMIT],
        contact_phone=wish.contact_phone,
    )
    session.add(handoff)
    session.flush()
    if record.state_of(conversation).control not in {Control.AGENT, Control.WRAP_UP}:
        if on_duty(session, skill=wish.skill):
            _queue(conversation, wish, at=at)
        else:
            order = call_back(session, conversation, handoff, actor=actor, at=at)
            handoff.order_number = order.number
    audit.record(
        session,
        kind="conversation.person_asked",
        subject=f"conversation:{conversation.id}",
        actor=actor,
        data={
            "key": wish.key,
            "reason": wish.reason,
            "skill": wish.skill,
            "control": conversation.control,
            "order": handoff.order_number,
        },
        at=at,
    )
    return handoff


def _queue(conversation: Conversation, wish: HandoffWish, *, at: datetime) -> None:
    record.change(conversation, control.ask_person(record.state_of(conversation)))
    conversation.skill = wish.skill
    conversation.hazard = conversation.hazard or wish.reason == HAZARD
    conversation.waiting_since = conversation.waiting_since or at


def call_back(session: Session, conversation: Conversation, handoff: Handoff, *, actor: str, at: datetime) -> WorkOrder:
    """The order to call the customer back: a former one of this conversation while it is open, else a new one."""
    former = session.scalars(
        select(WorkOrder)
        .where(WorkOrder.conversation == conversation.id, WorkOrder.kind == Kind.CALLBACK)
        .order_by(WorkOrder.created.desc())
    ).first()
    if former is not None and OrderState(former.state).is_open:
        return former
    return work_orders.create(
        session,
        key=f"{conversation.id}/{handoff.key}/callback",
        kind=Kind.CALLBACK,
        conversation=conversation.id,
        description=handoff.summary,
        contact_phone=handoff.contact_phone or conversation.caller,
        details={"reason": handoff.reason, "skill": handoff.skill},
        at=at,
        actor=actor,
    )


def latest_wish(session: Session, conversation_id: str) -> Handoff:
    """Why a conversation waits; who waits has wished."""
    return session.scalars(
        select(Handoff).where(Handoff.conversation == conversation_id).order_by(Handoff.at.desc(), Handoff.key).limit(1)
    ).one()


def _answer(session: Session, conversation: Conversation, handoff: Handoff) -> Arranged:
    session.flush()
    place = position(waiting_line(session), conversation.id)
    order = session.get(WorkOrder, handoff.order_number) if handoff.order_number else None
    return Arranged(
        control=conversation.control,
        epoch=conversation.epoch,
        position=place,
        wait_s=None if place is None else _estimate(session, place, skill=handoff.skill),
        order=order,
    )


def waiting_line(session: Session) -> list[Waiting]:
    """All who wait, in no order."""
    waiting = session.scalars(select(Conversation).where(Conversation.control == Control.WAITING))
    return [Waiting(each.id, each.hazard, each.waiting_since) for each in waiting if each.waiting_since]


def on_duty(session: Session, *, skill: str) -> Sequence[DeskAgent]:
    """The people on duty who can serve `skill`."""
    agents = session.scalars(select(DeskAgent).where(DeskAgent.on_duty)).all()
    return [agent for agent in agents if can_serve(agent.skills, skill)]


def _estimate(session: Session, place: int, *, skill: str) -> int | None:
    finished = session.scalars(
        select(Stint).where(Stint.ended.is_not(None)).order_by(Stint.ended.desc()).limit(STINTS_MEASURED)
    )
    took = [(stint.ended - stint.taken).total_seconds() for stint in finished if stint.ended]
    return wait_estimate(place, agents=len(on_duty(session, skill=skill)), stints_s=took)

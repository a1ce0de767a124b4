"""Orders beside a conversation: those its customer may see, with their clocks; and a new one from the desk."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.accounts.sessions import Person
from ticketing.conversations.models import Conversation
from ticketing.customers.models import Standing
from ticketing.desk.errors import AddressMissing
from ticketing.desk.schemas import DeskOrder, OrderWish
from ticketing.outages.taking import Report
from ticketing.rulebook.promises import Promises
from ticketing.work_orders import clocks, service
from ticketing.work_orders.kinds import Kind
from ticketing.work_orders.models import Transition, WorkOrder
from ticketing.work_orders.numbers import LOCAL
from ticketing.work_orders.schemas import ClockView, present
from ticketing.work_orders.states import State
from ticketing.work_orders.terms import terms
from ticketing.work_orders.timeline import describe
from ticketing.work_orders.working_days import Calendar


def beside(session: Session, conversation_id: str, promises: Promises, *, at: datetime) -> list[DeskOrder]:
    """Open ones first, then the newest."""
    found = service.find(session, conversation=conversation_id)
    shown = [
        DeskOrder(
            order=present(session, order, promises),
            is_open=State(order.state).is_open,
            clocks=read_clocks(session, order, promises, at=at),
        )
        for order in found
    ]
    return sorted(shown, key=lambda each: not each.is_open)


def read_clocks(session: Session, order: WorkOrder, promises: Promises, *, at: datetime) -> list[ClockView]:
    """How the order's terms stand at `at`."""
    log: Sequence[Transition] = session.scalars(
        select(Transition).where(Transition.order_number == order.number).order_by(Transition.id)
    ).all()
    accepted_on = order.created.astimezone(LOCAL).date()
    held = terms(Kind(order.kind), zone=order.zone, on=accepted_on, rulebook=promises.rulebook)
    calendar = Calendar(promises.rulebook, examples=promises.demo)
    return [
        ClockView(
            item=each.term.item,
            rule=each.term.rule,
            confidence=each.term.confidence,
            verdict=each.verdict,
            started=each.started,
            deadline=each.deadline,
            paused=each.paused,
            remaining_s=int(each.remaining.total_seconds()),
            text=describe(each),
        )
        for each in clocks.clocks(log, held, now=at, is_working=calendar.is_working)
    ]


def check(asked: OrderWish) -> None:
    """Raises AddressMissing."""
    if asked.kind.needs_visit and not (asked.address or "").strip():
        raise AddressMissing(f"an order '{asked.kind}' needs an address")


def as_report(conversation: Conversation, asked: OrderWish, *, person: Person) -> Report:
    """A power cut goes the way of all reports, so that it joins an outage that is known or forming."""
    return Report(
        key=_key(conversation.id, asked),
        conversation=conversation.id,
        address=asked.address or "",
        scope=None,
        event_time=None,
        contact_phone=asked.contact_phone or conversation.caller,
        description=asked.description,
        actor=person.actor,
    )


def make(session: Session, conversation: Conversation, asked: OrderWish, *, person: Person, at: datetime) -> WorkOrder:
    """Any other order. The same key gets the same one."""
    standing = session.get(Standing, conversation.id)
    return service.create(
        session,
        key=_key(conversation.id, asked),
        kind=asked.kind,
        conversation=conversation.id,
        address=asked.address,
        contact_phone=asked.contact_phone or conversation.caller,
        account_number=standing.account.number if standing else None,
        description=asked.description,
        at=at,
        actor=person.actor,
    )


def _key(conversation: str, asked: OrderWish) -> str:
    return f"{conversation}/desk/{asked.key}"[:190]

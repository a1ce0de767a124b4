"""Orders beside a conversation: those its customer may see, with their clocks; and a new one from the desk."""

from datetime import datetime

from sqlalchemy.orm import Session

from ticketing.accounts.sessions import Person
from ticketing.conversations.models import Conversation
from ticketing.customers.models import Standing
from ticketing.desk.errors import AddressMissing
from ticketing.desk.schemas import DeskOrder, OrderWish
from ticketing.outages.taking import Report
from ticketing.rulebook.promises import Promises
from ticketing.work_orders import reading, service
from ticketing.work_orders.models import WorkOrder
from ticketing.work_orders.schemas import present
from ticketing.work_orders.states import State


def beside(session: Session, conversation_id: str, promises: Promises, *, at: datetime) -> list[DeskOrder]:
    """Open ones first, then the newest."""
    found = service.find(session, conversation=conversation_id)
    shown = [
        DeskOrder(
            order=present(session, order, promises),
            is_open=State(order.state).is_open,
            clocks=[
                reading.shown(each)
                for each in reading.clocks_of(order, reading.log_of(session, order.number), promises, at=at)
            ],
        )
        for order in found
    ]
    return sorted(shown, key=lambda each: not each.is_open)


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

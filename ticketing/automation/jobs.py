"""One step of one order with all that it needs, read anew each time: the engine's store never holds personal data."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ticketing.conversations.models import Conversation
from ticketing.customers.models import Account
from ticketing.outages import network
from ticketing.work_orders.kinds import Kind
from ticketing.work_orders.models import Crew, WorkOrder
from ticketing.work_orders.service import look

CHATS = frozenset({"web", "wechat"})
"""Channels on which a sentence still reaches the customer after the conversation."""


@dataclass(frozen=True)
class Job:
    """`key` goes along to the outside system: `WO202611250001:send_crew:1`."""

    order: str
    step: str
    kind: Kind
    priority: int
    outage: str | None
    zone: str | None
    area: str
    crew: str | None
    crew_name: str
    account: str | None
    cut_off: bool
    """Our own store's word for it; where there is a marketing system, that one is asked."""
    address: str | None
    phone: str | None
    description: str
    confidential: bool
    conversation: str
    chat: bool
    created: datetime
    changed: datetime
    """When it came to its present state: the same each time that the step is tried."""

    @property
    def key(self) -> str:
        return f"{self.order}:{self.step}"

    @property
    def name(self) -> str:
        """The step without its round."""
        return self.step.partition(":")[0]


def load(session: Session, number: str, step: str) -> Job:
    """Raises WorkOrderNotFound."""
    order: WorkOrder = look(session, number)
    account = session.get(Account, order.account_id) if order.account_id else None
    crew = session.get(Crew, order.crew) if order.crew else None
    conversation = session.get(Conversation, order.conversation)
    place = network.find_place(session, order.address)
    return Job(
        order=number,
        step=step,
        kind=Kind(order.kind),
        priority=order.priority,
        outage=order.outage,
        zone=order.zone,
        area=(place.district or "") if place else "",
        crew=order.crew,
        crew_name=crew.name if crew else "",
        account=account.number if account else None,
        cut_off=account.cut_off if account else False,
        address=order.address,
        phone=order.contact_phone or (conversation.caller if conversation else None),
        description=order.description,
        confidential=order.confidential,
        conversation=order.conversation,
        chat=conversation is not None and conversation.channel in CHATS,
        created=order.created,
        changed=order.changed,
    )

"""Make work orders and find them; `moves` takes them through their states."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.audit import service as audit
from ticketing.customers.accounts import by_number
from ticketing.db import alone
from ticketing.outages import network
from ticketing.outages.place import Place
from ticketing.personal import vault
from ticketing.work_orders import dispatching, flows, moves, numbers
from ticketing.work_orders.actors import parse
from ticketing.work_orders.errors import WorkOrderNotFound
from ticketing.work_orders.kinds import Kind
from ticketing.work_orders.models import WorkOrder
from ticketing.work_orders.states import State
from ticketing.work_orders.visibility import visible_to


def create(
    session: Session,
    *,
    key: str,
    kind: str,
    conversation: str,
    description: str,
    at: datetime,
    actor: str,
    address: str | None = None,
    contact_phone: str | None = None,
    account_number: str | None = None,
    details: Mapping[str, Any] | None = None,
    place: Place | None = None,
    flow: bool = True,
    number: str | None = None,
    crew: str | None = None,
) -> WorkOrder:
    """Make an order and dispatch it to a crew at once. The same `key` gets the same order, also in parallel.

    `place`: what the network knows of the address, where the caller has looked already. `flow`: let a flow of its own
    follow it to the end; False where an outage's flow does. `number`, `crew`: of an order that is made again.
    """
    alone(session, f"work-order:{key}")
    known = session.scalar(select(WorkOrder).where(WorkOrder.key == key))
    if known is not None:
        return known
    kind = Kind(kind)
    place = place or network.find_place(session, address)
    account = by_number(session, account_number) if account_number else None
    order = WorkOrder(
        number=number or numbers.allot(session, at=at),
        key=key,
        kind=kind,
        state=State.ACCEPTED,
        priority=kind.priority,
        conversation=conversation,
        account_id=account.id if account else None,
        zone=place.zone if place else None,
        address=address,
        contact_phone=contact_phone,
        contact_index=vault.index(contact_phone) if contact_phone else None,
        description=description,
        details=json.dumps(dict(details or {}), ensure_ascii=False),
        confidential=kind.is_confidential,
        created=at,
        changed=at,
    )
    session.add(order)
    session.flush()
    by = parse(actor)
    moves.log(session, order, origin=None, actor=by, reason="", key=f"{key}:accepted", at=at)
    if flow:
        flows.start(session, order.number, key=f"flow:{order.number}", at=at)
    dispatched = f"{key}:dispatched"
    if crew is None:
        dispatching.dispatch_if_able(session, order, place, actor=by, key=dispatched, at=at)
    else:
        dispatching.dispatch(session, order.number, to=crew, actor=by, key=dispatched, at=at)
    return order


def find(session: Session, *, conversation: str, tail: str | None = None, limit: int = 20) -> Sequence[WorkOrder]:
    """Orders that the conversation may see, newest first; `tail`: the last digits of the number."""
    query = select(WorkOrder).where(visible_to(session, conversation))
    if tail:
        query = query.where(WorkOrder.number.endswith(tail, autoescape=True))
    return session.scalars(query.order_by(WorkOrder.created.desc(), WorkOrder.number.desc()).limit(limit)).all()


def of_conversation(session: Session, conversation: str | None, *, limit: int = 100) -> Sequence[WorkOrder]:
    """Orders that a conversation made (all of them without one), newest first: for agents and checks."""
    query = select(WorkOrder)
    if conversation is not None:
        query = query.where(WorkOrder.conversation == conversation)
    return session.scalars(query.order_by(WorkOrder.created.desc(), WorkOrder.number.desc()).limit(limit)).all()


def look(session: Session, number: str) -> WorkOrder:
    """The order as it is, for agents and checks. Raises WorkOrderNotFound."""
    order = session.get(WorkOrder, number)
    if order is None:
        raise WorkOrderNotFound(f"no order {number}")
    return order


def record_look(session: Session, what: str, *, actor: str, at: datetime) -> None:
    """Orders hold addresses: who reads them for another reason than the customer's own asking is in the trail."""
    audit.record(session, kind="personal.seen", subject=f"orders:{what}", actor=actor, data={"what": "orders"}, at=at)

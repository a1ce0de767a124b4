"""What a customer may still do with an order: hurry it, correct it, withdraw it. Each is idempotent by its key."""

from datetime import datetime

from sqlalchemy.orm import Session

from ticketing.audit import service as audit
from ticketing.outages import network, reports
from ticketing.work_orders.actors import Actor, Role
from ticketing.work_orders.errors import WorkOrderClosed
from ticketing.work_orders.models import Note, WorkOrder
from ticketing.work_orders.moves import step
from ticketing.work_orders.states import State

URGES_THAT_ESCALATE = 3


def urge(session: Session, order: WorkOrder, *, key: str, text: str, actor: str, at: datetime) -> WorkOrder:
    """Count the urge; the third one escalates the order. Raises WorkOrderClosed."""
    if not _note(session, order, kind="urge", key=key, text=text, actor=actor, at=at):
        return order
    order.urges += 1
    if order.urges >= URGES_THAT_ESCALATE and State(order.state) is not State.ESCALATED:
        reason = f"urged {order.urges} times"
        by = Actor(Role.CUSTOMER, actor)
        step(session, order, State.ESCALATED, actor=by, reason=reason, key=f"{key}:escalated", at=at)
    return order


def amend(
    session: Session, order: WorkOrder, *, key: str, text: str, address: str | None, actor: str, at: datetime
) -> WorkOrder:
    """Add words, or put the address right. Raises WorkOrderClosed."""
    if not _note(session, order, kind="amend", key=key, text=text, actor=actor, at=at):
        return order
    if address:
        place = network.find_place(session, address)
        order.address = address
        order.zone = place.zone if place else None
    order.changed = at
    return order


def cancel(session: Session, order: WorkOrder, *, key: str, reason: str, actor: str, at: datetime) -> WorkOrder:
    """Withdraw the order and the outage report behind it. Raises WorkOrderClosed."""
    if not _note(session, order, kind="cancel", key=key, text=reason, actor=actor, at=at):
        return order
    by, reason = Actor(Role.CUSTOMER, actor), "withdrawn by customer"
    step(session, order, State.CANCELLED, actor=by, reason=reason, key=f"{key}:cancelled", at=at)
    reports.withdraw(session, order_number=order.number, at=at)
    return order


def _note(session: Session, order: WorkOrder, *, kind: str, key: str, text: str, actor: str, at: datetime) -> bool:
    """Write the wish down; False when this key did so before. Raises WorkOrderClosed."""
    if session.get(Note, key) is not None:
        return False
    if not State(order.state).is_open:
        raise WorkOrderClosed(f"{order.number} is {State(order.state).label}; open a new order", state=order.state)
    session.add(Note(key=key, order_number=order.number, kind=kind, text=text, at=at))
    session.flush()
    data = {"urges": order.urges + 1} if kind == "urge" else {}
    audit.record(session, kind=f"order.{kind}", subject=f"order:{order.number}", actor=actor, data=data, at=at)
    return True

"""Take hold of an order: whoever changes one holds it until their transaction ends, and reads it anew."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.db import alone
from ticketing.work_orders.errors import WorkOrderNotFound
from ticketing.work_orders.models import WorkOrder
from ticketing.work_orders.visibility import visible_to


def take(session: Session, number: str, *, conversation: str | None = None) -> WorkOrder:
    """The order, held until this transaction ends. `conversation` limits it to what that may see.

    Raises WorkOrderNotFound, also for an order that may not be seen.
    """
    lock(session, number)
    query = select(WorkOrder).where(WorkOrder.number == number)
    if conversation is not None:
        query = query.where(visible_to(session, conversation))
    order = session.scalar(query.execution_options(populate_existing=True))
    if order is None:
        raise WorkOrderNotFound(f"no order {number}")
    return order


def lock(session: Session, *numbers: str) -> None:
    """Hold several orders at once, in one order for all, so that two who want the same never wait for each other."""
    session.flush()
    alone(session, *(f"work-order-number:{number}" for number in numbers))

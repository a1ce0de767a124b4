"""Which orders a conversation may see: its own, those that name the number it calls from, those of its account.

An account's orders are its history, so they need level 2. Who denounced somebody is shown to nobody else.
"""

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.orm import Session

from ticketing.customers import callers
from ticketing.customers.models import Standing
from ticketing.personal import vault
from ticketing.work_orders.models import WorkOrder

HISTORY_LEVEL = 2


def visible_to(session: Session, conversation: str) -> ColumnElement[bool]:
    """The condition on WorkOrder."""
    number = callers.number_of(session, conversation)
    standing = session.get(Standing, conversation)
    own = WorkOrder.conversation == conversation
    by_caller = WorkOrder.contact_index == vault.index(number) if number else false()
    proven = standing is not None and standing.level >= HISTORY_LEVEL
    by_account = WorkOrder.account_id == standing.account_id if standing and proven else false()
    return or_(own, and_(WorkOrder.confidential.is_(False), or_(by_caller, by_account)))

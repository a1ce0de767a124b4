"""The robots' pictures as a store: files in the data directory, each with its row."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.automation import evidence
from ticketing.automation.models import Evidence
from ticketing.retention.rules import Item
from ticketing.retention.scope import Key, Scope
from ticketing.retention.tables import Rows
from ticketing.work_orders.models import WorkOrder
from ticketing.work_orders.states import ENDED

OF_ORDER = select(WorkOrder.conversation).where(WorkOrder.number == Evidence.order_number)
ROWS = Rows(
    Item.PICTURES,
    Evidence,
    age=Evidence.at,
    conversation=OF_ORDER.correlate(Evidence).scalar_subquery(),
    order=Evidence.order_number,
    personal=Evidence.erased_at.is_(None),
    is_over=select(WorkOrder.state)
    .where(WorkOrder.number == Evidence.order_number)
    .correlate(Evidence)
    .scalar_subquery()
    .in_(ENDED),
    empty={},
)


class Pictures:
    """The file goes before its row says so: killed in between, the next run finds the row and no file."""

    item = Item.PICTURES

    def __init__(self, home: Path) -> None:
        self._home = home

    def pick(
        self, session: Session, scope: Scope, *, held: Sequence[str], after: Key | None, limit: int
    ) -> Sequence[Key]:
        return ROWS.pick(session, scope, held=held, after=after, limit=limit)

    def wipe(self, session: Session, keys: Sequence[Key], scope: Scope, *, held: Sequence[str], at: datetime) -> int:
        count = ROWS.wipe(session, keys, scope, held=held, at=at)
        for row in session.scalars(
            select(Evidence).where(Evidence.id.in_([key[0] for key in keys]), Evidence.erased_at == at)
        ):
            evidence.forget(self._home, order=row.order_number, step=row.step, name=row.name)
        return count

    def count(self, session: Session, scope: Scope, *, held: Sequence[str]) -> int:
        return ROWS.count(session, scope, held=held)

    def remaining(self, session: Session, scope: Scope) -> int:
        return ROWS.remaining(session, scope)

"""The personal texts beside the audit chain as a store. Text and salt go; the record and its hash in the chain stay."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Select, delete, func, select
from sqlalchemy.orm import Session

from ticketing.audit.models import AuditRecord, AuditText
from ticketing.inspection.models import Inspection
from ticketing.retention.rules import Item
from ticketing.retention.scope import Key, Scope
from ticketing.work_orders.models import WorkOrder


class AuditTexts:
    """Texts belong to a person by the subject of their record: a conversation, its orders, its scoring sheets."""

    item = Item.AUDIT_TEXTS

    def pick(
        self, session: Session, scope: Scope, *, held: Sequence[str], after: Key | None, limit: int
    ) -> Sequence[Key]:
        """Keys are `(seq, hash)`. Records without text stay in the table for ever: a batch goes on behind the last."""
        query = self._wanted(session, scope, held).order_by(AuditRecord.seq).limit(limit)
        if after is not None:
            query = query.where(AuditRecord.seq > after[0])
        return [tuple(row) for row in session.execute(query)]

    def wipe(self, session: Session, keys: Sequence[Key], scope: Scope, *, held: Sequence[str], at: datetime) -> int:
        still = self._wanted(session, scope, held).where(AuditRecord.seq.in_([key[0] for key in keys]))
        hashes = [hash for _, hash in session.execute(still)]
        gone = session.execute(
            delete(AuditText).where(AuditText.hash.in_(hashes)), execution_options={"synchronize_session": False}
        )
        return cast(CursorResult[Any], gone).rowcount

    def count(self, session: Session, scope: Scope, *, held: Sequence[str]) -> int:
        return session.scalar(select(func.count()).select_from(self._wanted(session, scope, held).subquery())) or 0

    def remaining(self, session: Session, scope: Scope) -> int:
        return self.count(session, scope, held=())

    def _wanted(self, session: Session, scope: Scope, held: Sequence[str]) -> Select[int, str | None]:
        conditions = [AuditRecord.at <= scope.before]
        if scope.conversations is not None:
            conditions.append(AuditRecord.subject.in_(subjects(session, scope.conversations, scope.orders)))
        if held:
            conditions.append(AuditRecord.subject.not_in(subjects(session, held)))
        beside = AuditText.hash == AuditRecord.text_hash
        return select(AuditRecord.seq, AuditRecord.text_hash).join(AuditText, beside).where(*conditions)


def subjects(
    session: Session, conversations: Sequence[str] | frozenset[str], orders: frozenset[str] = frozenset()
) -> set[str]:
    """The subjects under which the trail speaks of these conversations and orders."""
    numbers = session.scalars(select(WorkOrder.number).where(WorkOrder.conversation.in_(conversations)))
    sheets = session.scalars(select(Inspection.id).where(Inspection.conversation.in_(conversations)))
    return {
        *(f"conversation:{each}" for each in conversations),
        *(f"order:{each}" for each in {*orders, *numbers}),
        *(f"inspection:{each}" for each in sheets),
    }

"""A store that is a table: which rows hold personal text, whose they are, and what stands there afterwards."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    SQLColumnExpression,
    delete,
    func,
    inspect,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from ticketing.db import Base
from ticketing.retention.rules import Item
from ticketing.retention.scope import Key, Scope

type Column = SQLColumnExpression[Any]


@dataclass(frozen=True)
class Rows:
    """`age`: the time from which the rule counts. `born`: when the row came to be, where that is another time.

    `conversation`: whose hold covers the row. `is_over`: it is not needed for work that goes on.
    `empty`: what is put in the place of personal text; None: the row itself goes.
    """

    item: Item
    table: type[Base]
    age: Column
    conversation: Column
    personal: ColumnElement[bool]
    empty: Mapping[str, Any] | None
    born: Column | None = None
    order: Column | None = None
    is_over: ColumnElement[bool] = true()  # noqa: RUF009 - a constant of SQL

    def pick(
        self, session: Session, scope: Scope, *, held: Sequence[str], after: Key | None, limit: int
    ) -> Sequence[Key]:
        """`after` is not asked for: what was emptied is not found again."""
        query = select(*self._key).where(*self._wanted(scope, held)).order_by(self.age).limit(limit)
        return [tuple(row) for row in session.execute(query)]

    def wipe(self, session: Session, keys: Sequence[Key], scope: Scope, *, held: Sequence[str], at: datetime) -> int:
        chosen = (_among(self._key, keys), *self._wanted(scope, held))
        if self.empty is None:
            change: Any = delete(self.table).where(*chosen)
        else:
            marked = {"erased_at": at} if hasattr(self.table, "erased_at") else {}
            change = update(self.table).where(*chosen).values(**self.empty, **marked)
        done = session.execute(change, execution_options={"synchronize_session": False})
        return cast(CursorResult[Any], done).rowcount

    def count(self, session: Session, scope: Scope, *, held: Sequence[str]) -> int:
        return self._count(session, *self._wanted(scope, held))

    def remaining(self, session: Session, scope: Scope) -> int:
        return self._count(session, self.personal, *self._in(scope))

    def _count(self, session: Session, *conditions: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(self.table).where(*conditions)) or 0

    @property
    def _key(self) -> tuple[Column, ...]:
        return tuple(inspect(self.table).primary_key)

    def _wanted(self, scope: Scope, held: Sequence[str]) -> Iterator[ColumnElement[bool]]:
        yield self.personal
        yield self.is_over
        yield from self._in(scope)
        if held:
            yield or_(self.conversation.is_(None), self.conversation.not_in(held))

    def _in(self, scope: Scope) -> Iterator[ColumnElement[bool]]:
        if scope.conversations is None:
            yield self.age < scope.before
            return
        yield (self.age if self.born is None else self.born) <= scope.before
        theirs = self.conversation.in_(scope.conversations)
        yield theirs if self.order is None else or_(theirs, self.order.in_(scope.orders))


def _among(columns: tuple[Column, ...], keys: Sequence[Key]) -> ColumnElement[bool]:
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    return tuple_(*columns).in_(keys)

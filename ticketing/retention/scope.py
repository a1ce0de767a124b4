"""What is to be erased: everybody's rows of a certain age, or one person's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from ticketing.retention.rules import Item

type Key = tuple[Any, ...]


@dataclass(frozen=True)
class Scope:
    """Rows from before `before`; of these conversations and orders, or of all where `conversations` is None."""

    before: datetime
    conversations: frozenset[str] | None = None
    orders: frozenset[str] = frozenset()


class Store(Protocol):
    """A place where personal text stands. `held`: conversations that must not be touched."""

    @property
    def item(self) -> Item: ...

    def pick(
        self, session: Session, scope: Scope, *, held: Sequence[str], after: Key | None, limit: int
    ) -> Sequence[Key]:
        """Keys of up to `limit` rows to be emptied, behind the last one of the batch before."""

    def wipe(self, session: Session, keys: Sequence[Key], scope: Scope, *, held: Sequence[str], at: datetime) -> int:
        """Empty those of the rows that still are to be emptied; returns how many."""

    def count(self, session: Session, scope: Scope, *, held: Sequence[str]) -> int:
        """How many rows `pick` would give in all."""

    def remaining(self, session: Session, scope: Scope) -> int:
        """How many rows of the scope still have personal text, also those that are held or still in use."""

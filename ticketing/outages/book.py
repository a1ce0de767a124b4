"""The rule book as the estimate needs it: minutes of a promise that may be said today."""

from datetime import datetime

from ticketing.rulebook.promises import Promises
from ticketing.work_orders.numbers import LOCAL


class Quotable:
    def __init__(self, promises: Promises) -> None:
        self._promises = promises

    def minutes(self, item: str, *, at: datetime) -> int | None:
        """None where no row is in force, or it is an example and this is no demo."""
        rule = self._promises.rulebook.find(item, on=at.astimezone(LOCAL).date())
        promise = self._promises.quote(rule) if rule else None
        return promise.minutes if promise else None

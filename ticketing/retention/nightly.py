"""The periodic run: unfinished erasures are taken up at every round, the rules are applied once a night."""

from collections.abc import Sequence
from datetime import date, datetime

import structlog
from sqlalchemy.orm import Session, sessionmaker

from ticketing.retention import erasing
from ticketing.retention.rules import Rules
from ticketing.retention.scope import Store
from ticketing.retention.sweeping import sweep
from ticketing.work_orders.numbers import LOCAL

log = structlog.get_logger("ticketing.retention")


class Nightly:
    """`hour`: in Asia/Shanghai. Two processes that both run it do each row once: what is empty is not found again."""

    def __init__(self, sessions: sessionmaker[Session], stores: Sequence[Store], rules: Rules, *, hour: int) -> None:
        self._sessions, self._stores, self._rules, self._hour = sessions, stores, rules, hour
        self._done_on: date | None = None

    def round(self, at: datetime) -> int:
        """Always 0: a round is whole, and the next one has time."""
        with self._sessions() as session:
            session.connection(execution_options={"reading": True})
            waiting = erasing.unfinished(session)
        for number in waiting:
            erasing.proceed(self._sessions, number, self._stores)
        local = at.astimezone(LOCAL)
        if local.hour == self._hour and self._done_on != local.date():
            done = sweep(self._sessions, self._stores, self._rules, at=at)
            self._done_on = local.date()
            log.info("retention_run", erased=sum(done["erased"].values()), held=len(done["held"]))
        return 0

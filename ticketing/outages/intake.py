"""Takes reports as they come, many in one transaction when many come at once.

A commit costs a disk flush, and on SQLite one writer at a time. So callers line up; whoever finds the pen free writes
for all who wait. With nobody else there a report is written at once; in a storm fifty share one flush.
"""

import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from sqlalchemy.orm import Session, sessionmaker

from ticketing.db import now
from ticketing.outages import service
from ticketing.outages.schemas import OutageView, ReportOutcome
from ticketing.outages.taking import Outcome, Report
from ticketing.rulebook.promises import Promises
from ticketing.work_orders.schemas import present

GROUP = 64
"""Most reports in one transaction: a hundred would let the first ones wait too long."""


@dataclass(frozen=True)
class _Waiting:
    said: Report
    answer: "Future[ReportOutcome]" = field(default_factory=Future)


class Intake:
    def __init__(self, sessions: sessionmaker[Session], promises: Promises, *, joins: bool = True) -> None:
        self._sessions, self._promises, self._joins = sessions, promises, joins
        self._line: deque[_Waiting] = deque()
        self._pen = threading.Lock()

    def take(self, said: Report) -> ReportOutcome:
        """Record the report; returns when it is on disk. Raises what the transaction raised."""
        mine = _Waiting(said)
        self._line.append(mine)
        while not mine.answer.done():
            with self._pen:
                group = [self._line.popleft() for _ in range(min(GROUP, len(self._line)))]
                if group:
                    self._write(group)
        return mine.answer.result()

    def _write(self, group: Sequence[_Waiting]) -> None:
        """All in one transaction; when one of several fails, each in a transaction of its own."""
        try:
            with self._sessions.begin() as session:
                outcomes = service.take_all(session, [each.said for each in group], at=now(), joins=self._joins)
                answers = [self._answer(session, outcome) for outcome in outcomes]
        except Exception as error:
            if len(group) == 1:
                group[0].answer.set_exception(error)
            else:
                for each in group:
                    self._write([each])
            return
        for each, answer in zip(group, answers, strict=True):
            each.answer.set_result(answer)

    def _answer(self, session: Session, outcome: Outcome) -> ReportOutcome:
        return ReportOutcome(
            outcome="known" if outcome.outage else "order",
            outage=OutageView.model_validate(outcome.outage) if outcome.outage else None,
            order=present(session, outcome.order, self._promises) if outcome.order else None,
        )

"""The storm's orders: made as the business makes them, at the pace of the work, and answered as customers answer."""

import random
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from tests.bench.killing.processes import SILENT
from ticketing.automation.models import StepDone
from ticketing.conversations import record
from ticketing.db import now
from ticketing.work_orders import moves, service
from ticketing.work_orders.actors import Actor, Role
from ticketing.work_orders.models import WorkOrder
from ticketing.work_orders.states import State

ADDRESS = "右江区中山二路8号"
SILENT_SHARE = 5
"""One order in so many has a crew that sleeps until it is hurried: what its promise's escalation does."""
WARNING = timedelta(minutes=36)
"""An arrival in town is promised in 45 minutes, and escalated when a fifth of that is left."""
AHEAD = (45.0, 120.0)
"""Seconds from the making of a silent order to its escalation."""
FOLLOW_UP = Actor(Role.AGENT, "follow-up")


def patiently[T](work: Callable[[], T]) -> T:
    """The database may just be restarting; a caller would try again too, under the same key."""
    while True:
        try:
            return work()
        except DBAPIError:
            time.sleep(0.2)


def make(sessions: sessionmaker[Session], number: int, chance: random.Random) -> str:
    """One report, in one business transaction. Returns the order's number."""
    silent = number % SILENT_SHARE == 0
    ahead = chance.uniform(*AHEAD)

    def work() -> str:
        at = now()
        begun = at - WARNING + timedelta(seconds=ahead) if silent else at
        phone = f"139{number:08d}"
        with sessions.begin() as session:
            conversation = f"storm-{number}"
            record.open_or_lock(session, conversation, channel="phone", reply_to=None, caller=phone, at=at)
            order = service.create(
                session,
                key=f"storm:{number}",
                kind="outage",
                conversation=conversation,
                description=SILENT if silent else "停电",
                address=ADDRESS,
                contact_phone=phone,
                at=begun,
                actor="storm",
            )
            if silent and order.state == State.DISPATCHED:
                # Given back at once, so that the acceptance's own clock starts now and not in the past.
                crew = Actor(Role.CREW, order.crew or "")
                moves.move(session, order.number, State.RETURNED, actor=crew, reason="no car", key=f"{number}:r", at=at)
            return order.number

    return patiently(work)


class Maker(threading.Thread):
    """Reports come in as fast as work is done, never more than `open_at_once` orders at a time: this is a storm of
    kills, not of reports (`tests/bench/storm.py`), and a backlog of its own making would hide what the kills do.
    """

    def __init__(
        self, sessions: sessionmaker[Session], *, count: int, open_at_once: int, chance: random.Random
    ) -> None:
        super().__init__(daemon=True)
        self._sessions, self._count, self._open_at_once, self._chance = sessions, count, open_at_once, chance
        self.numbers: list[str] = []
        self.done = 0
        """Archived so far: told by who counts them anyway."""

    def run(self) -> None:
        for number in range(self._count):
            while len(self.numbers) - self.done >= self._open_at_once:
                time.sleep(0.2)
            self.numbers.append(make(self._sessions, number, self._chance))

    @property
    def silent(self) -> set[str]:
        return set(self.numbers[::SILENT_SHARE])


class Customers(threading.Thread):
    """They say that the light is on again, soon after they were asked."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        super().__init__(daemon=True)
        self._sessions, self.over = sessions, threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.5):
            patiently(self._answer)

    def _answer(self) -> None:
        asked = select(StepDone.order_number).where(StepDone.step.like("ask_customer:%"))
        with self._sessions() as session:
            session.connection(execution_options={"reading": True})
            waiting = (WorkOrder.state == State.REPORTED_BACK, WorkOrder.number.in_(asked))
            numbers = session.scalars(select(WorkOrder.number).where(*waiting).limit(40)).all()
        for number in numbers:
            with self._sessions.begin() as session:
                key = f"{number}:answer"
                moves.move(session, number, State.FOLLOWED_UP, actor=FOLLOW_UP, reason="", key=key, at=now())


def archived(sessions: sessionmaker[Session]) -> int:
    def count() -> int:
        with sessions() as session:
            session.connection(execution_options={"reading": True})
            query = select(func.count()).select_from(WorkOrder).where(WorkOrder.state == State.ARCHIVED)
            return session.scalar(query) or 0

    return patiently(count)

"""The storm's orders: made as the business makes them, answered as customers answer, and counted at the end."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from tests.bench.killing.processes import SILENT
from ticketing.automation.models import StepDone, ToldPromise
from ticketing.conversations import record
from ticketing.db import now
from ticketing.work_orders import moves, service
from ticketing.work_orders.actors import Actor, Role
from ticketing.work_orders.models import Transition, WorkOrder
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
            return len(session.scalars(select(WorkOrder.number).where(WorkOrder.state == State.ARCHIVED)).all())

    return patiently(count)


def deadline_errors(sessions: sessionmaker[Session]) -> list[float]:
    """Seconds between the moment at which each promise had to be escalated and its escalation."""
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        silent = session.execute(
            select(ToldPromise.order_number, ToldPromise.warned_at, WorkOrder.created)
            .join(WorkOrder, WorkOrder.number == ToldPromise.order_number)
            .where(ToldPromise.item == "arrival")
        ).all()
        made = {row.order_number: row.created for row in silent if row.created + WARNING < now()}
        raised = dict(
            session.execute(
                select(Transition.order_number, Transition.at).where(
                    Transition.state == State.ESCALATED, Transition.reason.like("promise arrival%")
                )
            ).all()
        )
    return [_error(raised.get(number), begun + WARNING) for number, begun in made.items() if number in raised]


def _error(raised: datetime | None, due: datetime) -> float:
    assert raised is not None
    return abs((raised - due).total_seconds())


EFFECTS = {
    "send_crew": ("crew_app", "job"),
    "alarm": ("crew_app", "nudges"),
    "not_accepted": None,
    "not_reported": ("crew_app", "nudges"),
    "tell_customer": ("sms", "message"),
    "tell_arrival": ("sms", "message"),
    "ask_customer": ("sms", "message"),
    "close": ("marketing", "service_order"),
}
"""Which effect each step has outside."""
NEEDED = frozenset({"send_crew", "ask_customer", "close"})
"""What every order must have."""
OVERTAKEN = "tell_customer"
"""That a crew was sent is told too, save where that crew had been there before it could be told: counted apart."""


def booked(sessions: sessionmaker[Session]) -> Counter[tuple[str, str, str]]:
    """The effects that our own book says were had, one for each step that is done, by system, kind and order."""
    counted: Counter[tuple[str, str, str]] = Counter()
    for number, step in _steps(sessions):
        if effect := EFFECTS.get(step):
            counted[*effect, number[-4:] if effect[0] == "sms" else number] += 1
    return counted


def unfinished(sessions: sessionmaker[Session], numbers: list[str], silent: set[str]) -> set[str]:
    """Orders that are not archived, or miss a step that every order (a silent one: its alarm) must have."""
    done: dict[str, set[str]] = {number: set() for number in numbers}
    for number, step in _steps(sessions):
        done.setdefault(number, set()).add(step)
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        states = dict(session.execute(select(WorkOrder.number, WorkOrder.state)).tuples().all())
    return {
        number
        for number in numbers
        if states.get(number) != State.ARCHIVED
        or not (NEEDED | ({"alarm"} if number in silent else set())) <= done[number]
    }


def untold(sessions: sessionmaker[Session], numbers: list[str]) -> tuple[set[str], set[str]]:
    """Orders of which nobody was told that a crew was sent: those whose crew was there by then, and those without
    that excuse, which are lost.
    """
    told = {number for number, step in _steps(sessions) if step == OVERTAKEN}
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        there = set(session.scalars(select(Transition.order_number).where(Transition.state == State.ON_SITE)))
    rest = set(numbers) - told
    return rest & there, rest - there


def _steps(sessions: sessionmaker[Session]) -> list[tuple[str, str]]:
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        rows = session.execute(select(StepDone.order_number, StepDone.step).where(StepDone.outcome == "done"))
        return [(row.order_number, row.step.partition(":")[0]) for row in rows]


def happened(effects: list[list[Any]]) -> Counter[tuple[str, str, str]]:
    """What the outside world holds, in the same shape; the crews' own events left out."""
    counted: Counter[tuple[str, str, str]] = Counter()
    for system, what, meaning in effects:
        if what == "event":
            continue
        order = meaning.split("尾号")[1][:4] if system == "sms" else meaning.split()[0]
        counted[system, what, order] += 1
    return counted

"""The count at the end: what our own book says was done, against what the strict outside world holds."""

from collections import Counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from ticketing.automation.models import StepDone
from ticketing.work_orders.models import WorkOrder
from ticketing.work_orders.states import State

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
NEEDED = frozenset({"send_crew", "tell_customer", "ask_customer", "close"})
"""What every order must have."""


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

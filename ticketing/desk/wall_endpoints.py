"""The wall over HTTP, and a hazard accepted from it."""

from typing import Annotated

from fastapi import APIRouter, Depends

from ticketing.accounts.people import May
from ticketing.accounts.roles import Right
from ticketing.accounts.sessions import Person
from ticketing.db import Reading, Writing, now
from ticketing.desk import wall
from ticketing.desk.schemas import HazardView, WallView
from ticketing.outages import alarms
from ticketing.rulebook.wiring import Book

router = APIRouter(prefix="/api/desk", tags=["wall"])
Watcher = Annotated[Person, Depends(May(Right.WALL))]
Dispatcher = Annotated[Person, Depends(May(Right.ACCEPT_HAZARD))]


@router.get("/wall")
def read_wall(_: Watcher, session: Reading, promises: Book) -> WallView:
    return wall.read(session, promises, at=now())


@router.post("/hazards/{order}/accept")
def accept(order: str, person: Dispatcher, session: Writing) -> HazardView:
    """Take responsibility: it rings no more. 404 where it has not rung yet; 409 AlarmTaken."""
    at = now()
    alarm = alarms.accept(session, order, dispatcher=person.name, at=at)
    return HazardView(
        order=order,
        raised_at=alarm.raised_at,
        rung=alarm.rung,
        waited_s=int(alarms.waited_s(alarm, at=at)),
        accepted_by=alarm.accepted_by,
    )

"""Outages over HTTP: what is out where, and reports."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from ticketing.access import Caller, Only
from ticketing.customers import callers
from ticketing.db import Reading, Writing, now
from ticketing.outages import service
from ticketing.outages.schemas import NewReport, Outages, OutageView, ReportOutcome
from ticketing.rulebook.wiring import Book
from ticketing.work_orders.schemas import present

router = APIRouter(prefix="/api/outages", tags=["outages"])
Assistant = Annotated[Caller, Depends(Only(Caller.ACTIONS, Caller.BOT))]
Anyone = Annotated[Caller, Depends(Only(Caller.ACTIONS, Caller.BOT, Caller.DEMO))]
Day = Annotated[str, Query(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T\d{2}:\d{2})?$")]


@router.get("")
def look_up(session: Reading, caller: Anyone, address: str | None = None, day: Day | None = None) -> Outages:
    asked = date.fromisoformat(day[:10]) if day else None
    place, found = service.look_up(session, address=address, day=asked, at=now())
    return Outages(
        place=(place.name or None) if place else None, outages=[OutageView.model_validate(each) for each in found]
    )


@router.post("/reports")
def report(asked: NewReport, session: Writing, promises: Book, caller: Assistant) -> ReportOutcome:
    phone = asked.contact_phone or callers.number_of(session, asked.conversation)
    said = service.Report(**{**asked.model_dump(), "contact_phone": phone, "description": asked.description or ""})
    outcome = service.report(session, said, at=now(), actor=caller)
    return ReportOutcome(
        outcome="known" if outcome.outage else "order",
        outage=OutageView.model_validate(outcome.outage) if outcome.outage else None,
        order=present(session, outcome.order, promises) if outcome.order else None,
    )

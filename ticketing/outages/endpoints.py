"""Outages over HTTP: what is out where, and reports."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from ticketing.access import Caller, Only
from ticketing.db import Reading, now
from ticketing.outages import lookup
from ticketing.outages.intake import Intake
from ticketing.outages.schemas import NewReport, Outages, OutageView, ReportOutcome
from ticketing.outages.taking import Report

router = APIRouter(prefix="/api/outages", tags=["outages"])
Assistant = Annotated[Caller, Depends(Only(Caller.ACTIONS, Caller.BOT))]
Anyone = Annotated[Caller, Depends(Only(Caller.ACTIONS, Caller.BOT, Caller.DEMO))]


async def _intake(request: Request) -> Intake:
    intake: Intake = request.app.state.intake
    return intake


Desk = Annotated[Intake, Depends(_intake)]
Day = Annotated[str, Query(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T\d{2}:\d{2})?$")]


@router.get("")
def look_up(session: Reading, caller: Anyone, address: str | None = None, day: Day | None = None) -> Outages:
    asked = date.fromisoformat(day[:10]) if day else None
    place, found = lookup.look_up(session, address=address, day=asked, at=now())
    return Outages(
        place=(place.name or None) if place else None, outages=[OutageView.model_validate(each) for each in found]
    )


@router.post("/reports")
def report(asked: NewReport, intake: Desk, caller: Assistant) -> ReportOutcome:
    """A customer's report. `known`: an outage explains it; `order`: nobody knew, this is the number to ask for."""
    said = asked.model_dump()
    return intake.take(Report(**{**said, "description": asked.description or "", "actor": caller}))

"""Where the crews' app sends what happened in the field (signed), and where Prometheus reads."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import PlainTextResponse
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from ticketing.access import Caller, Only
from ticketing.automation import leases, metrics
from ticketing.automation.robots.crew_app import verify
from ticketing.config import Settings
from ticketing.db import Reading, Writing, now
from ticketing.errors import InvalidRequest
from ticketing.work_orders import guards, moves
from ticketing.work_orders.actors import Actor, Role
from ticketing.work_orders.states import State

router = APIRouter(tags=["flows"])
STATES = {
    "accepted": State.ACKNOWLEDGED,
    "arrived": State.ON_SITE,
    "restored": State.RESTORED,
    "reported_back": State.REPORTED_BACK,
    "returned": State.RETURNED,
    "suspended": State.SUSPENDED,
}


class CrewEvent(BaseModel):
    """What a crew did. `id`: the app's, the same again when it could not know that we have it."""

    id: Annotated[str, Field(min_length=1, max_length=120)]
    order: Annotated[str, Field(pattern=r"^WO\d{12,14}$")]
    crew: Annotated[str, Field(min_length=1, max_length=32)]
    event: Literal["accepted", "arrived", "restored", "reported_back", "returned", "suspended"]
    reason: Annotated[str, Field(max_length=200)] = ""
    happened: AwareDatetime


class Taken(BaseModel):
    """The order's state after the event; `at` is when the log says that it happened."""

    order: str
    state: str
    at: datetime


async def _body(request: Request) -> bytes:
    return await request.body()


@router.post("/api/crew-app/events")
def take(
    request: Request,
    body: Annotated[bytes, Depends(_body)],
    session: Writing,
    x_signature: Annotated[str, Header()] = "",
) -> Taken:
    """Idempotent by the event's `id`. 401 SignatureRefused; 404 WorkOrderNotFound; 409 AcceptedByAnother,
    AlreadyClosed, NotYourOrder, TransitionRefused; 422 EventFromTheFuture, InvalidRequest.
    """
    settings: Settings = request.app.state.settings
    verify(body, x_signature, secret=settings.crew_app_secret.get_secret_value(), at=now())
    try:
        event = CrewEvent.model_validate_json(body)
    except ValidationError as error:
        raise InvalidRequest("; ".join(f"{each['loc']}: {each['msg']}" for each in error.errors()[:5])) from error
    moved = moves.move(
        session,
        event.order,
        STATES[event.event],
        actor=Actor(Role.CREW, event.crew),
        reason=event.reason,
        key=f"crew-app:{event.id}",
        at=guards.admit(event.happened, now=now()),
    )
    return Taken(order=event.order, state=moved.state, at=moved.at)


@router.get("/metrics", response_class=PlainTextResponse)
def read_metrics(
    request: Request, session: Reading, caller: Annotated[Caller, Depends(Only(Caller.DEMO, Caller.METRICS))]
) -> bytes:
    """Prometheus' text format. Counts only, no order and no customer; still behind a token, like everything here."""
    with request.app.state.workers() as beats:
        living = len(leases.alive(beats, at=now()))
    return metrics.exposition(session, workers=living, at=now())

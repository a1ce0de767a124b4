"""Where the crews' app sends what happened in the field (signed), and where Prometheus reads."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import PlainTextResponse
from pydantic import ValidationError

from ticketing.access import Caller, Only
from ticketing.automation import events, leases, metrics
from ticketing.automation.robots.crew_app import verify
from ticketing.config import Settings
from ticketing.db import Reading, Writing, now
from ticketing.errors import InvalidRequest

router = APIRouter(tags=["flows"])


async def _body(request: Request) -> bytes:
    return await request.body()


@router.post("/api/crew-app/events")
def take(
    request: Request,
    body: Annotated[bytes, Depends(_body)],
    session: Writing,
    x_signature: Annotated[str, Header()] = "",
) -> events.Taken:
    """Idempotent by the event's `id`. 401 SignatureRefused; 404 WorkOrderNotFound; 409 AcceptedByAnother,
    AlreadyClosed, NotYourOrder, TransitionRefused; 422 EventFromTheFuture, InvalidRequest.
    """
    settings: Settings = request.app.state.settings
    verify(body, x_signature, secret=settings.crew_app_secret.get_secret_value(), at=now())
    try:
        event = events.CrewEvent.model_validate_json(body)
    except ValidationError as error:
        raise InvalidRequest("; ".join(f"{each['loc']}: {each['msg']}" for each in error.errors()[:5])) from error
    return events.take(session, event, at=now())


@router.get("/metrics", response_class=PlainTextResponse)
def read_metrics(
    request: Request, session: Reading, caller: Annotated[Caller, Depends(Only(Caller.DEMO, Caller.METRICS))]
) -> bytes:
    """Prometheus' text format. Counts only, no order and no customer; still behind a token, like everything here."""
    with request.app.state.workers() as beats:
        living = len(leases.alive(beats, at=now()))
    return metrics.exposition(session, workers=living, at=now())

"""A conversation as it was, over HTTP: data, page, and a dispute's sealed file. Each look is recorded."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from ticketing.audit.checkpoint import private_key
from ticketing.audit.keeper import journal_of
from ticketing.config import Settings
from ticketing.conversations.schemas import ConversationId
from ticketing.db import Writing, now
from ticketing.office import Act, Office, Person
from ticketing.replay import sealed
from ticketing.replay.assembling import looked, replay
from ticketing.replay.errors import NoSigningKey
from ticketing.replay.page import page
from ticketing.rulebook.wiring import Book

router = APIRouter(tags=["replay"])
By = Annotated[Person | None, Query(description="who looks; not given: the caller")]


@router.get("/api/audit/conversations/{conversation}/replay")
def read(conversation: ConversationId, session: Writing, book: Book, caller: Office, by: By = None) -> dict[str, Any]:
    """404 ConversationNotFound."""
    shown = replay(session, conversation, rulebook=book.rulebook)
    looked(session, conversation, actor=f"agent:{by}" if by else caller, at=now(), way="api")
    return shown


@router.get("/audit/replay/{conversation}", response_class=HTMLResponse)
def show(conversation: ConversationId, session: Writing, book: Book, caller: Office, by: By = None) -> HTMLResponse:
    """The same for people's eyes. It loads nothing, and no cache keeps it."""
    shown = replay(session, conversation, rulebook=book.rulebook)
    looked(session, conversation, actor=f"agent:{by}" if by else caller, at=now(), way="page")
    safe = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'", "Cache-Control": "no-store"}
    return HTMLResponse(page(shown), headers=safe)


@router.post("/api/audit/conversations/{conversation}/sealed", response_class=Response)
def seal(conversation: ConversationId, asked: Act, request: Request, book: Book, _: Office) -> Response:
    """A dispute as one sealed file (zip). 404 ConversationNotFound; 409 NotHeld, NoSigningKey."""
    # Its own transactions: what was recorded must be in the chain before it can be sealed.
    settings: Settings = request.app.state.settings
    journal = journal_of(settings)
    if journal is None or settings.audit_key is None:
        raise NoSigningKey("TICKETING_AUDIT_KEY is not set")
    key = private_key(settings.audit_key.get_secret_value())
    sessions = request.app.state.sessions
    packed = sealed.make(sessions, journal, key, conversation, rulebook=book.rulebook, by=asked.by, at=now())
    named = {"Content-Disposition": 'attachment; filename="dispute.zip"', "Cache-Control": "no-store"}
    return Response(packed, media_type="application/zip", headers=named)

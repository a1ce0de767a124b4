"""The audit trail over HTTP, to read only."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from ticketing.access import Caller, Only
from ticketing.audit import service
from ticketing.audit.models import AuditRecord
from ticketing.audit.sentences import sentences
from ticketing.conversations.schemas import ConversationId
from ticketing.db import Reading

router = APIRouter(prefix="/api/audit", tags=["audit"])
Inspector = Annotated[Caller, Depends(Only(Caller.DEMO))]


@router.get("")
def read(
    session: Reading,
    _: Inspector,
    subject: Annotated[str | None, Query(max_length=200)] = None,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[dict[str, Any]]:
    """Records behind `after`, oldest first, of one subject (`conversation:c-1`) or of all."""
    return [_shown(each) for each in service.trail(session, subject=subject, after=after, limit=limit)]


@router.get("/conversations/{conversation}")
def read_conversation(conversation: ConversationId, session: Reading, _: Inspector) -> dict[str, Any]:
    """Every sentence of a conversation with the version it came from and who answers for that, and what was done."""
    records = service.trail(session, subject=f"conversation:{conversation}", limit=1000)
    return {
        "conversation": conversation,
        "sentences": sentences(session, conversation),
        "records": [_shown(each) for each in records],
    }


def _shown(record: AuditRecord) -> dict[str, Any]:
    return {
        "seq": record.seq,
        "at": record.at,
        "kind": record.kind,
        "subject": record.subject,
        "actor": record.actor,
        "data": record.data,
    }

"""What the audit chain says about a conversation: its records with their places, and whether each sentence is the one
that was sealed."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.audit import texts
from ticketing.audit.models import AuditLink, AuditRecord
from ticketing.audit.texts import TextChanged

SENTENCES = frozenset({"conversation.heard", "conversation.said"})


class Words(StrEnum):
    AS_SEALED = "as_sealed"
    CHANGED = "changed"
    ERASED = "erased"
    UNPROVEN = "unproven"
    """No record of it: it is from before the trail kept sentences."""


def records(session: Session, subjects: Iterable[str]) -> list[dict[str, Any]]:
    """Records of the subjects in the order they were written; `position` in the chain, None while they wait for one."""
    rows = session.execute(
        select(AuditRecord, AuditLink.position)
        .outerjoin(AuditLink, AuditLink.seq == AuditRecord.seq)
        .where(AuditRecord.subject.in_(list(subjects)))
        .order_by(AuditRecord.seq)
    )
    return [
        {
            "position": position,
            "seq": each.seq,
            "at": each.at,
            "kind": each.kind,
            "subject": each.subject,
            "actor": each.actor,
            "data": each.data,
            "text_hash": each.text_hash,
        }
        for each, position in rows
    ]


def of_sentences(
    session: Session, trail: Iterable[dict[str, Any]], spoken: dict[str, str]
) -> dict[str, dict[str, Any]]:
    """By message id: the record's place, and what the words that stand in the conversation are to it."""
    return {
        record["data"]["message"]: {
            "position": record["position"],
            "words": _words(session, record["text_hash"], spoken.get(record["data"]["message"], "")),
        }
        for record in trail
        if record["kind"] in SENTENCES
    }


def _words(session: Session, hash: str | None, spoken: str) -> Words:
    if hash is None:
        return Words.UNPROVEN
    try:
        sealed = texts.read(session, hash)
    except TextChanged:
        return Words.CHANGED
    if sealed is None:
        return Words.CHANGED if spoken else Words.ERASED
    return Words.AS_SEALED if sealed == spoken else Words.CHANGED

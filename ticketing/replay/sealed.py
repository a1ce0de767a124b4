"""A dispute as one sealed file: the replay, its records out of the audit chain, the checkpoints that vouch for them.

    manifest.json     what is in it, SHA-256 of each file        manifest.sig   its Ed25519 signature, base64
    replay.json       the conversation as it was
    records.jsonl     its records, lines of the chain's export (`audit.canon`)
    texts.json        the personal texts behind the records' hashes, with their salts
    checkpoints.jsonl the signed journal: a mark of every record of the chain

`check` proves it without us.
"""

import base64
import io
import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, sessionmaker

from ticketing.audit import canon
from ticketing.audit import service as audit
from ticketing.audit.canon import GENESIS, Fact, canonical
from ticketing.audit.checkpoint import read
from ticketing.audit.checkpointing import checkpoint
from ticketing.audit.journal import Journal
from ticketing.audit.models import AuditLink, AuditRecord, AuditText
from ticketing.audit.sealing import FACT, seal_all
from ticketing.replay.assembling import replay
from ticketing.replay.check import FORMAT, MANIFEST, SIGNATURE
from ticketing.replay.errors import NotHeld
from ticketing.replay.packing import pack
from ticketing.retention import holds
from ticketing.retention.texts import subjects
from ticketing.rulebook.rules import Rulebook


def make(
    sessions: sessionmaker[Session],
    journal: Journal,
    key: Ed25519PrivateKey,
    conversation: str,
    *,
    rulebook: Rulebook,
    by: str,
    at: datetime,
) -> bytes:
    """The file. That it was made is recorded first, and in it. Raises ConversationNotFound, NotHeld, OSError."""
    with sessions.begin() as session:
        if all(hold.lifted_at is not None for hold in holds.of(session, conversation)):
            raise NotHeld(f"no hold stands on '{conversation}': place one first")
        subject, actor = f"conversation:{conversation}", f"agent:{by}"
        audit.record(session, kind="replay.exported", subject=subject, actor=actor, data={}, at=at)
    seal_all(sessions)
    checkpoint(sessions, journal, at=at)
    with journal.held() as book:
        signed = book.file.read_bytes()
    witness = read(io.BytesIO(signed))
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        shown = replay(session, conversation, rulebook=rulebook)
        files = {
            "replay.json": _json(shown),
            "records.jsonl": b"".join(_records(session, conversation, shown, upto=witness.position)),
            "texts.json": _json(_texts(session, conversation)),
            "checkpoints.jsonl": signed,
        }
    manifest = {
        "format": FORMAT,
        "conversation": conversation,
        "made_by": by,
        "made_at": at.isoformat(timespec="seconds"),
        "position": witness.position,
        "key": base64.b64encode(key.public_key().public_bytes_raw()).decode(),
        "files": {name: sha256(content).hexdigest() for name, content in files.items()},
    }
    declared = canonical(manifest)
    return pack({MANIFEST: declared, SIGNATURE: base64.b64encode(key.sign(declared)), **files})


def _records(session: Session, conversation: str, shown: dict[str, Any], *, upto: int) -> list[bytes]:
    """The conversation's records, its orders' and scoring sheets', and the publications of what was said in it."""
    tracks = {step["said"]["talk_track"] for step in shown["steps"] if step["said"] and step["said"]["talk_track"]}
    wanted = subjects(session, [conversation]) | {f"talk_track:{name}" for name in tracks}
    before = aliased(AuditLink)
    rows = session.execute(
        select(AuditLink.position, AuditLink.hash, before.hash, *FACT)
        .join(AuditRecord, AuditRecord.seq == AuditLink.seq)
        .outerjoin(before, before.position == AuditLink.position - 1)
        .where(AuditRecord.subject.in_(wanted), AuditLink.position <= upto)
        .order_by(AuditLink.position)
    )
    return [
        canon.line(hash, canon.body(Fact(*fact), position=position, previous=previous or GENESIS))
        for position, hash, previous, *fact in rows
    ]


def _texts(session: Session, conversation: str) -> dict[str, dict[str, str]]:
    theirs = subjects(session, [conversation])
    rows = session.scalars(
        select(AuditText)
        .join(AuditRecord, AuditRecord.text_hash == AuditText.hash)
        .where(AuditRecord.subject.in_(theirs))
    )
    return {each.hash: {"salt": each.salt.hex(), "text": each.text} for each in rows}


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, default=_plain).encode()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a replay")

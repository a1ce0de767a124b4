"""Telephone calls by uuid: who calls, and whether the call is over."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from bot.delivery.cipher import Cipher
from bot.delivery.models import Call
from bot.message import Frozen


class Line(Frozen):
    """Who calls and which number was called, as the dialplan announced it."""

    caller: str | None = None
    called: str | None = None


def announce(session: Session, uuid: str, line: Line, *, at: datetime, cipher: Cipher) -> bool:
    """Remember a call; False when it was known already (the first announcement stays)."""
    if session.get(Call, uuid) is not None:
        return False
    session.add(Call(uuid=uuid, sealed=cipher.seal(line.model_dump_json(), place=uuid), at=at))
    return True


def find(session: Session, uuid: str, *, cipher: Cipher) -> tuple[Line, bool] | None:
    """The line of a call and whether the call is over; None when it was never announced."""
    row = session.get(Call, uuid)
    if row is None:
        return None
    return Line.model_validate_json(cipher.unseal(row.sealed, place=uuid)), row.ended_at is not None


def end(session: Session, uuid: str, *, reason: str, at: datetime) -> None:
    session.execute(update(Call).where(Call.uuid == uuid, Call.ended_at.is_(None)).values(ended_at=at, reason=reason))


def sweep(session: Session, *, before: datetime) -> int:
    """Forget calls older than `before`; their number."""
    gone = session.execute(delete(Call).where(Call.at < before))
    return int(gone.rowcount)  # type: ignore[attr-defined]

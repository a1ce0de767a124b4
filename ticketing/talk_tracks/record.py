"""The audit trail's rows about talk tracks: one place, so that each act is written in the same shape."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ticketing.audit import service as audit
from ticketing.talk_tracks.versions import Version


def act(session: Session, version: Version, what: str, *, actor: str, at: datetime, **data: Any) -> None:
    """`what`: `drafted`, `submitted`, `accepted` …; `data` without words, which stand in the version itself."""
    chat = version.chat
    facts: dict[str, Any] = {"version": version.number, "language": chat.language}
    if chat.emergency_set:
        facts["emergency_set"] = chat.emergency_set
    audit.record(
        session,
        kind=f"talk_track.{what}",
        subject=f"talk_track:{chat.name}",
        actor=actor,
        data={**facts, **{key: value for key, value in data.items() if value is not None}},
        at=at,
    )


def people(version: Version) -> dict[str, Any]:
    return {"author": version.chat.author, "reviewer": version.chat.reviewer}

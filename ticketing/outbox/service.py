"""Put a message into the outbox: a row in the business transaction, sent when that has committed."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ticketing.outbox.models import OutboxEntry


def put(
    session: Session,
    *,
    kind: str,
    key: str,
    payload: Mapping[str, Any],
    at: datetime,
    lane: str | None = None,
) -> None:
    """Have `payload` sent once the transaction has committed. A `key` that is there already is left as it is.

    Kinds: `outgoing` (words to the front door) and `sms` (`{"to": "139…", "text": "…"}`). Entries of one `lane`
    leave in the order in which they were put.
    """
    if session.scalar(select(OutboxEntry.id).where(OutboxEntry.key == key)) is not None:
        return
    row = {"kind": kind, "key": key, "lane": lane, "payload": json.dumps(dict(payload), ensure_ascii=False)}
    try:
        with session.begin_nested():
            session.execute(insert(OutboxEntry).values(**row, created=at, next_at=at, attempts=0))
    except IntegrityError:  # another transaction put the same key between our look and our row
        if session.scalar(select(OutboxEntry.id).where(OutboxEntry.key == key)) is None:
            raise

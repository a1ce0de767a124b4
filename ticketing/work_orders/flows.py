"""The flow that must follow an order: an outbox row in the business transaction; who drains kind `flow` starts it."""

from datetime import datetime

from sqlalchemy.orm import Session

from ticketing.outbox import service as outbox

KIND = "flow"


def start(session: Session, number: str, *, key: str, at: datetime, outage: str | None = None) -> None:
    """Let a flow follow the order once this transaction has committed; for an outage, the order of its crew."""
    of_outage = {"outage": outage} if outage else {}
    outbox.put(session, kind=KIND, key=key, payload={**of_outage, "order": number}, at=at)

"""The flow that must follow: an outbox row in the business transaction; whoever drains kind `flow` starts it, once."""

from datetime import datetime

from sqlalchemy.orm import Session

from ticketing.outbox import service as outbox

FLOW = "flow"


def start_of_outage(session: Session, outage: str, *, order: str, round: int = 0, at: datetime) -> None:
    """One flow for an outage, however many call; `round` counts how often it was reopened."""
    key = f"flow:outage:{outage}:{round}"
    outbox.put(session, kind=FLOW, key=key, payload={"outage": outage, "order": order}, at=at)


def start_of_order(session: Session, number: str, *, at: datetime) -> None:
    """The flow of a single home's order."""
    outbox.put(session, kind=FLOW, key=f"flow:order:{number}", payload={"order": number}, at=at)

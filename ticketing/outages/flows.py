"""When an outage's flow, or a reporter's own, begins: once it is known whether one home is dark or many."""

from datetime import datetime

from sqlalchemy.orm import Session

from ticketing.work_orders import flows


def start_of_outage(session: Session, outage: str, *, order: str, round: int = 0, at: datetime) -> None:
    """One flow for an outage, however many call; `round` counts how often it was reopened."""
    flows.start(session, order, key=f"flow:outage:{outage}:{round}", outage=outage, at=at)


def start_of_order(session: Session, number: str, *, at: datetime) -> None:
    """The flow of a single home's order."""
    flows.start(session, number, key=f"flow:order:{number}", at=at)

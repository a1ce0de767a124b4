"""What happens to a report when its order ends: it no longer counts as a sign of an outage."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from ticketing.outages.models import OutageReport


def withdraw(session: Session, *, order_number: str, at: datetime) -> int:
    """The customer has power again, or was wrong: the reports behind the order are withdrawn. Returns how many."""
    open_ones = (OutageReport.order_number == order_number, OutageReport.withdrawn_at.is_(None))
    result = session.execute(update(OutageReport).where(*open_ones).values(withdrawn_at=at).returning(OutageReport.key))
    return len(result.all())

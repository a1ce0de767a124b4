"""Order numbers: `WO`, the local day, and a sequence of at least four digits that starts anew each day."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from ticketing.db import alone
from ticketing.work_orders.models import DayNumber

LOCAL = ZoneInfo("Asia/Shanghai")


def allot(session: Session, *, at: datetime) -> str:
    """The next number of the day. Two transactions never get the same: the second waits for the first to end."""
    day = f"{at.astimezone(LOCAL):%Y%m%d}"
    alone(session, f"work-order-number:{day}")
    row = session.get(DayNumber, day, populate_existing=True)
    if row is None:
        row = DayNumber(day=day, last=0)
        session.add(row)
    row.last += 1
    session.flush()
    return f"WO{day}{row.last:04d}"

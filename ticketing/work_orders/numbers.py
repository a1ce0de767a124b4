"""Order numbers: `WO`, the local day, and a sequence of at least four digits that starts anew each day."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from ticketing.db import alone
from ticketing.work_orders.models import DayNumber

LOCAL = ZoneInfo("Asia/Shanghai")
OF_KEY = re.compile(r"(WO\d{12,14}):")
JUMP = 1000
"""After a restore the days of the gap go on so many numbers later: those between were told to customers, perhaps."""


def allot(session: Session, *, at: datetime) -> str:
    """The next number of the day. Two transactions never get the same: the second waits for the first to end."""
    row = _held(session, f"{at.astimezone(LOCAL):%Y%m%d}")
    row.last += 1
    session.flush()
    return f"WO{row.day}{row.last:04d}"


def skip(session: Session, *, since: datetime, at: datetime) -> None:
    """Never give a number again that was given since `since`, the moment to which the database was put back."""
    day = since.astimezone(LOCAL).date()
    while day <= at.astimezone(LOCAL).date():
        _held(session, f"{day:%Y%m%d}").last += JUMP
        day += timedelta(days=1)
    session.flush()


def pass_by(session: Session, given: Iterable[str]) -> None:
    """Go on behind these numbers, which stand outside."""
    highest: dict[str, int] = {}
    for number in given:
        day, sequence = number[2:10], int(number[10:])
        highest[day] = max(highest.get(day, 0), sequence)
    for day, sequence in sorted(highest.items()):  # in one order for all who hold several days
        row = _held(session, day)
        row.last = max(row.last, sequence)
    session.flush()


def _held(session: Session, day: str) -> DayNumber:
    """The row of a day, nobody else's until the transaction ends; made when it is new."""
    alone(session, f"work-order-number:{day}")
    row = session.get(DayNumber, day, populate_existing=True)
    if row is None:
        row = DayNumber(day=day, last=0)
        session.add(row)
    return row


def of_key(key: str) -> str | None:
    """The order in an outside effect's key: `WO202611250001:send_crew:1`."""
    found = OF_KEY.match(key)
    return found.group(1) if found else None

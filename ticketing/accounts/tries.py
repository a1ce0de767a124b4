"""How often somebody may be wrong: per name, whether it exists or not, and per address."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from ticketing.accounts.models import LoginTry

WINDOW = timedelta(minutes=15)
WRONG_PER_NAME = 5
WRONG_PER_ADDRESS = 60
"""An office full of agents may share one address."""
RIGHT, WRONG, LOCKED = "right", "wrong", "locked"


@dataclass(frozen=True)
class Source:
    """Whose tries count together."""

    name_index: str
    address: str


def locked_for_s(session: Session, source: Source, *, at: datetime) -> int:
    """Seconds until the next try counts; 0: now. A right try ends the count of its name."""
    mine = LoginTry.name_index == source.name_index
    since = session.scalar(
        select(LoginTry.at).where(mine, LoginTry.outcome == RIGHT).order_by(LoginTry.at.desc()).limit(1)
    )
    by_name = _wrong(session, mine, after=max(since or at - WINDOW, at - WINDOW))
    by_address = _wrong(session, LoginTry.address == source.address, after=at - WINDOW)
    waits = (_wait(by_name, most=WRONG_PER_NAME, at=at), _wait(by_address, most=WRONG_PER_ADDRESS, at=at))
    return max(waits)


def note(session: Session, source: Source, outcome: str, *, at: datetime) -> None:
    session.add(LoginTry(name_index=source.name_index, address=source.address, outcome=outcome, at=at))
    session.flush()


def _wrong(session: Session, whose: ColumnElement[bool], *, after: datetime) -> list[datetime]:
    query = select(LoginTry.at).where(whose, LoginTry.outcome == WRONG, LoginTry.at > after)
    return list(session.scalars(query.order_by(LoginTry.at.desc()).limit(WRONG_PER_ADDRESS)))


def _wait(wrong: list[datetime], *, most: int, at: datetime) -> int:
    """The newest first: the lock ends when the `most`-th newest has left the window."""
    if len(wrong) < most:
        return 0
    return max(1, int((wrong[most - 1] + WINDOW - at).total_seconds()))

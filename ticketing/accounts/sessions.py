"""Sessions of people at the desk: opened by a login, ended by logout, idleness, age or a disabled account."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ticketing.accounts.models import DeskAccount, DeskSession
from ticketing.accounts.roles import Role
from ticketing.audit import service as audit
from ticketing.conversations.models import DeskAgent

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)
"""A write for each click would be too many; idleness is told to a minute."""


@dataclass(frozen=True)
class Person:
    """Who is behind a session, for as long as one request takes."""

    login: str
    name: str
    role: Role
    session: str

    @property
    def actor(self) -> str:
        return f"agent:{self.name}"


def hash_of(token: str) -> str:
    """Tokens are random (256 bits), so a fast hash keeps them as safe as a slow one."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(session: Session, account: DeskAccount, *, address: str, at: datetime) -> str:
    """A new session; returns its token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    session.add(
        DeskSession(
            token_hash=hash_of(token), login=account.login, address=address[:60], opened=at, seen=at, ended=None
        )
    )
    session.flush()
    return token


def find(session: Session, token: str) -> DeskSession | None:
    """The session of a token, over or not, with its account."""
    query = select(DeskSession).where(DeskSession.token_hash == hash_of(token)).options(joinedload(DeskSession.account))
    return session.scalar(query)


def over(row: DeskSession, *, at: datetime) -> str | None:
    """Why the session may not be used any more, or None: it is alive."""
    if row.ended is not None:
        return row.ended_why or "ended"
    if row.account.disabled:
        return "disabled"
    if at - row.opened >= LONGEST:
        return "too_old"
    return "idle" if at - row.seen >= IDLE else None


def end(session: Session, token_hash: str, *, why: str, at: datetime) -> None:
    """End one session and take the person off duty; one that has ended stays as it is."""
    row = session.get(DeskSession, token_hash, with_for_update=True, populate_existing=True)
    if row is None or row.ended is not None:
        return
    row.ended, row.ended_why = at, why
    person = row.account
    desk = session.get(DeskAgent, person.name)
    if desk is not None and desk.on_duty:
        desk.on_duty, desk.since = False, at
    audit.record(
        session,
        kind="desk.session_ended",
        subject=f"account:{person.login}",
        actor=f"agent:{person.name}",
        data={"why": why, "lasted_s": int((at - row.opened).total_seconds())},
        at=at,
    )


def end_all(session: Session, login: str, *, why: str, at: datetime) -> None:
    """End every open session of an account."""
    query = select(DeskSession.token_hash).where(DeskSession.login == login, DeskSession.ended.is_(None))
    for token_hash in session.scalars(query).all():
        end(session, token_hash, why=why, at=at)


def person_of(row: DeskSession) -> Person:
    return Person(row.account.login, row.account.name, Role(row.account.role), row.token_hash)

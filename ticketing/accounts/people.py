"""Who is at the desk behind a request, and whether they may do what it asks. For endpoints."""

from fastapi import Request
from sqlalchemy.orm import Session, sessionmaker

from ticketing.accounts import sessions
from ticketing.accounts.errors import RightMissing, SessionEnded
from ticketing.accounts.roles import Right
from ticketing.accounts.sessions import Person
from ticketing.audit import service as audit
from ticketing.db import now

READS = frozenset({"GET", "HEAD"})


class May:
    """Dependency: the person of the session in `Authorization: Bearer …`, who has `right` (None: any role will do).

    Raises SessionEnded, RightMissing. A missing right is recorded in a transaction of its own, because the request's
    own is not committed. What a screen reads by itself (GET) does not keep a session alive.
    """

    def __init__(self, right: Right | None = None) -> None:
        self._right = right

    def __call__(self, request: Request) -> Person:
        factory: sessionmaker[Session] = request.app.state.sessions
        person = identify(factory, request, keeps_alive=request.method not in READS)
        if self._right is not None and self._right not in person.role.rights:
            refuse(factory, person, what=f"{request.method} {request.url.path}"[:150], missing=self._right)
        return person


def identify(factory: sessionmaker[Session], request: Request, *, keeps_alive: bool) -> Person:
    """Raises SessionEnded; a session that has run out is ended on the way."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise SessionEnded("log in first")
    at = now()
    with factory() as session:
        session.connection(execution_options={"reading": True})
        row = sessions.find(session, token)
        if row is None:
            raise SessionEnded("log in first")
        person, why = sessions.person_of(row), sessions.over(row, at=at)
        ended, stale = row.ended is not None, at - row.seen >= sessions.TOUCH_EVERY
    if why is not None:
        if not ended:
            with factory.begin() as session:
                sessions.end(session, person.session, why=why, at=at)
        raise SessionEnded(f"this session is over: {why}", why=why)
    if keeps_alive and stale:
        with factory.begin() as session:
            row = sessions.find(session, token)
            if row is not None and row.ended is None:
                row.seen = max(row.seen, at)
    return person


def refuse(factory: sessionmaker[Session], person: Person, *, what: str, missing: str) -> None:
    """Raises RightMissing, after it is recorded."""
    with factory.begin() as session:
        data = {"what": what, "missing": missing, "role": person.role}
        subject = f"account:{person.login}"
        audit.record(session, kind="desk.refused", subject=subject, actor=person.actor, data=data, at=now())
    raise RightMissing(f"the role '{person.role}' may not do this", missing=missing)

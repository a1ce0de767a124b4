"""The trail is written with what it tells of, and nothing changes it afterwards, not even the database's owner."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from ticketing.audit.models import AppendOnly, AuditRecord
from ticketing.audit.service import record, trail

AT = datetime(2026, 11, 23, tzinfo=UTC)


def write(session: Session, subject: str = "order:WO1") -> None:
    record(session, kind="order.created", subject=subject, actor="bot", data={"kind": "outage"}, at=AT)


def test_what_is_rolled_back_was_not_done(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        write(session)
        session.rollback()
    with sessions() as session:
        assert trail(session) == []


def test_it_is_read_in_order_by_subject_and_from_a_place_on(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        for subject in ("order:WO1", "order:WO2", "order:WO1"):
            write(session, subject)
    with sessions() as session:
        rows = trail(session, subject="order:WO1")
        assert [each.seq for each in trail(session)] == sorted(each.seq for each in trail(session))
        assert len(rows) == 2
        assert trail(session, subject="order:WO1", after=rows[0].seq) == rows[1:]
        assert len(trail(session, limit=1)) == 1
        assert (rows[0].at, rows[0].data) == (AT, {"kind": "outage"})


def test_the_code_cannot_change_or_delete_a_row(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        write(session)
    with pytest.raises(AppendOnly), sessions.begin() as session:
        session.scalars(select(AuditRecord)).one().actor = "somebody else"
    with pytest.raises(AppendOnly), sessions.begin() as session:
        session.delete(session.scalars(select(AuditRecord)).one())


@pytest.mark.parametrize("statement", ["UPDATE audit_records SET actor = 'x'", "DELETE FROM audit_records"])
def test_the_database_refuses_it_too(sessions: sessionmaker[Session], statement: str) -> None:
    with sessions.begin() as session:
        write(session)
    with pytest.raises(DBAPIError, match="append-only"), sessions.begin() as session:
        session.execute(text(statement))
    with sessions() as session:
        assert session.scalars(select(AuditRecord.actor)).all() == ["bot"]

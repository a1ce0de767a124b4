"""Every committed record gets one place, in one chain, whoever writes and seals at the same time."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.audit import writer
from tests.ticketing.audit.proof import fill, sign, verdict, write
from tests.ticketing.conftest import DATA_KEY
from ticketing.audit.models import AppendOnly, AuditLink, AuditPending, AuditRecord
from ticketing.audit.sealing import seal, seal_all

ROOT = Path(__file__).parents[3]
PROCESSES, THREADS, COUNT = 3, 3, 40


def order(sessions: sessionmaker[Session]) -> list[str]:
    """Subjects in the chain's order."""
    with sessions() as session:
        query = select(AuditRecord.subject).join(AuditLink, AuditLink.seq == AuditRecord.seq)
        return list(session.scalars(query.order_by(AuditLink.position)))


def test_records_are_chained_in_their_order_and_once(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        for number in range(5):
            write(session, number)
    assert [seal(sessions, limit=3), seal(sessions, limit=3), seal(sessions)] == [3, 2, 0]
    assert order(sessions) == [f"order:WO{number}" for number in range(5)]


def test_what_is_rolled_back_leaves_no_gap(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        write(session, 1)
        session.rollback()
    fill(sessions, range(2, 4))
    with sessions() as session:
        assert list(session.scalars(select(AuditLink.position).order_by(AuditLink.position))) == [1, 2]
        assert session.scalar(select(AuditPending.seq)) is None


def test_a_row_that_was_inserted_past_the_code_is_chained_too(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.execute(
            text(
                "INSERT INTO audit_records (at, kind, subject, actor, data) "
                "VALUES ('2026-11-23 00:00:00.000000', 'x', 'past:the-code', 'y', '{}')"
            )
            if session.get_bind().dialect.name == "sqlite"
            else text(
                "INSERT INTO audit_records (at, kind, subject, actor, data) "
                "VALUES (now(), 'x', 'past:the-code', 'y', '{}')"
            )
        )
    seal_all(sessions)
    assert order(sessions) == ["past:the-code"]


def test_who_commits_late_is_not_skipped_and_holds_nobody_up(sessions: sessionmaker[Session]) -> None:
    with sessions() as slow:
        if slow.get_bind().dialect.name == "sqlite":
            pytest.skip("SQLite's writers are one after the other")
        write(slow, 1)
        fill(sessions, range(2, 4))
        assert order(sessions) == ["order:WO2", "order:WO3"]
        slow.commit()
    seal_all(sessions)
    assert order(sessions) == ["order:WO2", "order:WO3", "order:WO1"]


def test_a_place_can_be_given_once_only(sessions: sessionmaker[Session]) -> None:
    fill(sessions, range(2))
    for row in ({"position": 1, "seq": 2}, {"position": 3, "seq": 1}):
        with pytest.raises(IntegrityError), sessions.begin() as session:
            session.execute(insert(AuditLink).values(**row, hash="f" * 64))


@pytest.mark.parametrize("statement", ["UPDATE audit_chain SET hash = 'x'", "DELETE FROM audit_chain"])
def test_the_chain_is_append_only_in_the_database_and_in_the_code(
    sessions: sessionmaker[Session], statement: str
) -> None:
    fill(sessions, range(1))
    with pytest.raises(DBAPIError, match="append-only"), sessions.begin() as session:
        session.execute(text(statement))
    with pytest.raises(AppendOnly), sessions.begin() as session:
        session.scalars(select(AuditLink)).one().hash = "f" * 64


def test_threads_and_processes_write_and_seal_one_chain(
    sessions: sessionmaker[Session], database_url: str, tmp_path: Path
) -> None:
    over, wrong = threading.Event(), []

    def keep_sealing() -> None:
        while not over.is_set():
            try:
                seal(sessions, limit=7)
                time.sleep(0.01)
            except Exception as error:
                wrong.append(error)
                return

    command = [sys.executable, "-m", "tests.ticketing.audit.writer", database_url]
    children = [
        subprocess.Popen([*command, f"p{n}", str(THREADS), str(COUNT), DATA_KEY], cwd=ROOT, stderr=subprocess.PIPE)
        for n in range(PROCESSES)
    ]
    sealers = [threading.Thread(target=keep_sealing) for _ in range(3)]
    here = threading.Thread(target=writer.write, args=(sessions, "here", COUNT))
    for thread in (*sealers, here):
        thread.start()
    said = [child.communicate(timeout=100)[1].decode() for child in children]
    here.join(timeout=100)
    over.set()
    for thread in sealers:
        thread.join(timeout=20)
    assert ([child.returncode for child in children], said, wrong) == ([0] * PROCESSES, [""] * PROCESSES, [])
    seal_all(sessions)
    names = ["here", *(f"p{n}-{t}" for n in range(PROCESSES) for t in range(THREADS))]
    with sessions() as session:
        chained = session.execute(
            select(AuditLink.position, AuditRecord.subject, AuditRecord.data)
            .join(AuditRecord, AuditRecord.seq == AuditLink.seq)
            .order_by(AuditLink.position)
        ).all()
    assert [row.position for row in chained] == list(range(1, len(names) * COUNT + 1))
    for name in names:  # each writer's records are all there, once, and in the order in which it wrote them
        assert [row.data["number"] for row in chained if row.subject == f"writer:{name}"] == list(range(COUNT))
    assert sign(sessions, tmp_path) == len(names) * COUNT
    assert verdict(sessions, tmp_path).wrong is None

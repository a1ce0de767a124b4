"""Personal text can be erased, and the chain stays whole."""

from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.audit.proof import sign, verdict, write
from tests.ticketing.audit.writer import AT
from ticketing.audit import texts
from ticketing.audit.models import AuditRecord, AuditText
from ticketing.audit.sealing import seal_all

WORDS = "我住在右江区城东大道12号，电话13907760001"


def hashes(sessions: sessionmaker[Session]) -> list[str | None]:
    with sessions() as session:
        return list(session.scalars(select(AuditRecord.text_hash).order_by(AuditRecord.seq)))


def test_an_erased_person_leaves_the_chain_whole(sessions: sessionmaker[Session], tmp_path: Path) -> None:
    with sessions.begin() as session:
        for number in (1, 1, 2):
            write(session, number, text=WORDS)
    seal_all(sessions)
    sign(sessions, tmp_path)
    first, again, other = hashes(sessions)
    assert len({first, again, other}) == 3  # equal words, hashes that nobody can compare
    with sessions.begin() as session:
        assert texts.erase(session, subject="order:WO1", actor="agent:li", at=AT) == 2
    with sessions() as session:
        assert [texts.read(session, hash or "") for hash in (first, again, other)] == [None, None, WORDS]
        gone = session.scalars(select(AuditRecord).where(AuditRecord.kind == "personal.erased")).one()
        assert (gone.subject, gone.actor, gone.data) == ("order:WO1", "agent:li", {"texts": 2})
    seal_all(sessions)
    assert (verdict(sessions, tmp_path).wrong, verdict(sessions, tmp_path).records) == (None, 4)


def test_no_text_stands_in_clear_in_the_database_or_in_what_is_exported(
    sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    with sessions.begin() as session:
        write(session, 1, text=WORDS)
    with sessions() as session:
        stored = session.execute(text("SELECT text FROM audit_texts")).scalar_one()
        assert WORDS.encode() not in bytes(stored)


def test_a_text_that_was_changed_is_not_taken_for_the_right_one(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        write(session, 1, text=WORDS)
        session.execute(update(AuditText).values(text="something else"))
    [hash] = hashes(sessions)
    with pytest.raises(texts.TextChanged), sessions() as session:
        texts.read(session, hash or "")


def test_no_text_no_hash(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        write(session, 1)
    assert hashes(sessions) == [None]

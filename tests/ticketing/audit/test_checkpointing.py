"""Checkpoints go on where the last one ended, survive a kill, and never pass over a database that is another one."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker
from structlog.testing import capture_logs

from tests.ticketing.audit.proof import KEY, fill, journal, sign, verdict
from tests.ticketing.audit.writer import AT
from ticketing.audit import checkpointing
from ticketing.audit.checkpoint import CheckpointWrong, fingerprint, is_key, private_key, read
from ticketing.audit.keeper import Keeper
from ticketing.audit.models import AuditRecord


def lines(folder: Path, file: str = "chain-001.jsonl") -> list[bytes]:
    return (folder / "second-place" / file).read_bytes().splitlines(keepends=True)


def past_the_triggers(sessions: sessionmaker[Session], statement: str) -> None:
    """What somebody does who owns the database."""
    with sessions.begin() as session:
        if session.get_bind().dialect.name == "sqlite":
            for name in ("records", "chain"):
                session.execute(text(f"DROP TRIGGER IF EXISTS audit_{name}_no_update"))
                session.execute(text(f"DROP TRIGGER IF EXISTS audit_{name}_no_delete"))
        else:
            session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text(statement))


def test_each_goes_on_where_the_last_ended(sessions: sessionmaker[Session], tmp_path: Path) -> None:
    fill(sessions, range(3))
    assert sign(sessions, tmp_path) == 3
    assert sign(sessions, tmp_path) == 0
    fill(sessions, range(3, 5))
    assert sign(sessions, tmp_path) == 2
    witness = read(lines(tmp_path))
    assert (witness.position, len(lines(tmp_path)), witness.key) == (5, 2, KEY.public_key().public_bytes_raw())
    assert verdict(sessions, tmp_path).wrong is None


def test_a_long_chain_is_signed_in_several_lines(
    sessions: sessionmaker[Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpointing, "MOST", 4)
    fill(sessions, range(10))
    assert (sign(sessions, tmp_path), len(lines(tmp_path))) == (10, 3)
    assert verdict(sessions, tmp_path).records == 10


def test_a_line_that_was_not_finished_does_not_count_and_is_written_again(
    sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    fill(sessions, range(2))
    sign(sessions, tmp_path)
    fill(sessions, range(2, 4))
    sign(sessions, tmp_path)
    whole = lines(tmp_path)
    (tmp_path / "second-place" / "chain-001.jsonl").write_bytes(whole[0] + whole[1][:100])
    assert read(lines(tmp_path)).position == 2
    assert sign(sessions, tmp_path) == 2
    assert lines(tmp_path) == whole


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE audit_chain SET hash = '{0}' WHERE position = 3", "record 3 is another one in the database"),
        ("DELETE FROM audit_chain WHERE position = 3", "record 3 is missing in the database"),
    ],
)
def test_a_database_that_does_not_hold_what_was_signed_gets_another_file_and_is_told_of(
    sessions: sessionmaker[Session], tmp_path: Path, statement: str, why: str
) -> None:
    fill(sessions, range(3))
    sign(sessions, tmp_path)
    before = lines(tmp_path)
    past_the_triggers(sessions, statement.format("f" * 64))
    with capture_logs() as logs:
        sign(sessions, tmp_path)
        sign(sessions, tmp_path)
    assert [(each["event"], each["why"]) for each in logs] == [("audit_journal_left", why)]
    assert lines(tmp_path) == before
    with sessions() as session:
        told = session.scalars(select(AuditRecord).where(AuditRecord.kind == "audit.journal_left")).all()
    assert [each.data for each in told] == [{"journal": "chain-001.jsonl", "why": why}]
    assert verdict(sessions, tmp_path).wrong == 3
    assert b"previous" in lines(tmp_path, "chain-002.jsonl")[0]


def test_an_emptied_database_is_told_of_once(sessions: sessionmaker[Session], tmp_path: Path) -> None:
    fill(sessions, range(3))
    sign(sessions, tmp_path)
    past_the_triggers(sessions, "DELETE FROM audit_chain")
    assert sign(sessions, tmp_path) == 0
    fill(sessions, range(3, 5))  # with the record that tells of it
    assert sign(sessions, tmp_path) == 3
    witness = read(lines(tmp_path, "chain-002.jsonl"))
    assert witness.position == 3
    assert verdict(sessions, tmp_path, file="chain-002.jsonl").wrong is None


def test_a_gap_that_is_not_signed_yet_is_not_signed(sessions: sessionmaker[Session], tmp_path: Path) -> None:
    fill(sessions, range(5))
    past_the_triggers(sessions, "DELETE FROM audit_chain WHERE position = 3")
    with pytest.raises(checkpointing.ChainBroken, match="record 3 is not in the chain: 4 stands in its place"):
        sign(sessions, tmp_path)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (
            lambda them: [them[0], them[1].replace(b'"first":3', b'"first":2')],
            "line 2: it does not go on behind record 2",
        ),
        (lambda them: [them[1]], "line 1: it does not go on behind record 0"),
        (lambda them: [them[0].replace(b"2026", b"2025"), them[1]], "line 2: it does not follow on the line before"),
        (lambda them: [them[0], them[1].replace(b"2026", b"2025")], "the signature of the last checkpoint is wrong"),
        (lambda them: [them[0], b"{}\n"], "line 2: it is not in the form of a checkpoint"),
        (lambda them: [them[0], b"\xff\n"], "line 2: it is not JSON"),
        (lambda _: [], "there is no checkpoint in it"),
    ],
)
def test_checkpoints_that_were_changed_are_refused_in_words(
    sessions: sessionmaker[Session], tmp_path: Path, spoil: object, why: str
) -> None:
    for numbers in (range(2), range(2, 4)):
        fill(sessions, numbers)
        sign(sessions, tmp_path)
    with pytest.raises(CheckpointWrong, match=why):
        read(spoil(lines(tmp_path)))  # type: ignore[operator]


def test_a_key_is_known_by_itself_and_by_its_fingerprint() -> None:
    public = KEY.public_key().public_bytes_raw()
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    assert is_key(public, fingerprint(public))
    assert not is_key(other, fingerprint(public))
    with pytest.raises(ValueError, match="32 bytes"):
        private_key("c2hvcnQ=")


def test_the_keeper_signs_by_time_and_by_number(sessions: sessionmaker[Session], tmp_path: Path) -> None:
    clock = [0.0]
    keeper = Keeper(sessions, journal(tmp_path), every_s=30, every_records=4, clock=lambda: clock[0])
    with sessions.begin() as session:
        for number in range(3):
            writing(session, number)
    assert keeper.round() == 3
    assert read(lines(tmp_path)).position == 3
    for moment, more, signed in ((1.0, 2, 3), (29.0, 1, 3), (30.5, 0, 6), (31.0, 4, 10)):
        clock[0] = moment
        with sessions.begin() as session:
            for number in range(more):
                writing(session, number)
        assert keeper.round() == more
        assert read(lines(tmp_path)).position == signed


def writing(session: Session, number: int) -> None:
    session.add(AuditRecord(at=AT, kind="test", subject=f"test:{number}", actor="test", data={}))


def test_without_a_key_the_chain_is_kept_and_the_log_says_so(sessions: sessionmaker[Session]) -> None:
    with capture_logs() as logs:
        keeper = Keeper(sessions, None, every_s=30, every_records=4)
    with sessions.begin() as session:
        writing(session, 1)
    assert keeper.round() == 1
    assert [each["event"] for each in logs] == ["audit_checkpoints_off"]

"""What the tests of the chain share: a journal, and the verdict on what the database exports against it."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.audit.writer import AT
from ticketing.audit.checkpoint import read
from ticketing.audit.checkpointing import checkpoint
from ticketing.audit.exporting import lines
from ticketing.audit.journal import Journal
from ticketing.audit.sealing import seal_all
from ticketing.audit.service import record
from ticketing.audit.verifying import Verdict, verify

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def write(session: Session, number: int, *, text: str | None = None) -> None:
    data = {"number": number, "词": "停电", "share": 0.1}
    record(session, kind="order.created", subject=f"order:WO{number}", actor="bot", data=data, at=AT, text=text)


def fill(sessions: sessionmaker[Session], numbers: range) -> None:
    """Records in one transaction, sealed."""
    with sessions.begin() as session:
        for number in numbers:
            write(session, number)
    seal_all(sessions)


def journal(folder: Path, *, key: Ed25519PrivateKey = KEY) -> Journal:
    return Journal(folder / "second-place", key)


def sign(sessions: sessionmaker[Session], folder: Path) -> int:
    return checkpoint(sessions, journal(folder), at=AT)


def verdict(sessions: sessionmaker[Session], folder: Path, *, file: str = "chain-001.jsonl") -> Verdict:
    with (folder / "second-place" / file).open("rb") as signed:
        return verify(lines(sessions), read(signed))

"""The long trail: written into a real database, sealed, signed, exported by the product's commands, and verified."""

import base64
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from random import Random

from sqlalchemy import insert

from tests.bench.audit_of.chains import facts
from ticketing.audit.models import AuditRecord
from ticketing.audit.sealing import seal_all
from ticketing.db import connect, session_factory
from ticketing.migrate import upgrade_to_head

ROOT = Path(__file__).parents[3]
AT_ONCE = 10_000
TOKENS = ("BOT_TOKEN", "ACTIONS_TOKEN", "FRONT_DOOR_TOKEN")


@dataclass(frozen=True)
class Trail:
    export: Path
    checkpoint: Path


def make(folder: Path, *, records: int, seed: int) -> Trail:
    """A database with so many records, its export and its checkpoints. Raises CalledProcessError."""
    url = f"sqlite:///{folder / 'ticketing.db'}"
    upgrade_to_head(url)
    engine = connect(url)
    sessions = session_factory(engine)
    for rows in batched(_rows(records, seed), AT_ONCE):
        with sessions.begin() as session:
            session.execute(insert(AuditRecord), rows)
    said(f"{records} records written")
    seal_all(sessions, limit=AT_ONCE)
    engine.dispose()
    said("sealed")
    run(folder, "checkpoint")
    run(folder, "export", str(folder / "export.jsonl"))
    said("signed and exported")
    return Trail(folder / "export.jsonl", folder / "audit-checkpoints" / "chain-001.jsonl")


def _rows(records: int, seed: int) -> Iterator[dict[str, object]]:
    for fact in facts(Random(seed), records):
        about = {"kind": fact.kind, "subject": fact.subject, "actor": fact.actor, "data": fact.data}
        yield {**about, "at": fact.at, "text_hash": fact.text_hash}


def run(folder: Path, *command: str) -> None:
    secrets = {f"TICKETING_{name}": "bench" for name in TOKENS}
    secrets |= {f"TICKETING_{name}": base64.b64encode(bytes(32)).decode() for name in ("DATA_KEY", "AUDIT_KEY")}
    environment = {**os.environ, **secrets, "LAMPLIGHTER_HOME": str(folder), "DATABASE_URL": ""}
    subprocess.run([sys.executable, "-m", "ticketing.audit", *command], cwd=ROOT, env=environment, check=True)


def verified(export: Path, checkpoint: Path) -> tuple[int, str, float]:
    """Exit code, words, and seconds of the command, with nothing in its environment but the path to Python."""
    command = [sys.executable, "-m", "ticketing.audit", "verify", str(export), "--checkpoint", str(checkpoint)]
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr, time.monotonic() - started


def said(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", flush=True)

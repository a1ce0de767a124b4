"""Eight processes that append, each as the product does: `audit.record` in a transaction of its own, SQLite's
`synchronous=FULL`, while another process seals and signs.

    python -m tests.bench.audit_of.appending append URL RATE SECONDS SEED     one appender; prints milliseconds as JSON
    python -m tests.bench.audit_of.appending keep URL FOLDER                  the keeper; until it is told to stop
"""

import base64
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.bench.audit_of.chains import facts
from ticketing.audit.journal import Journal
from ticketing.audit.keeper import Keeper
from ticketing.audit.service import record
from ticketing.db import connect, session_factory
from ticketing.personal import vault

ROOT = Path(__file__).parents[3]
MODULE = "tests.bench.audit_of.appending"
PROCESSES = 8
WARM = 10
"""Appends of each process that are not counted: its first ones open the database and build the statements."""
KEY = base64.b64encode(bytes(32)).decode()


def append(url: str, *, rate: float, seconds: float, seed: int) -> list[float]:
    """Milliseconds of each append. `rate` is per second, at random moments; 0: one after the other, without a pause."""
    vault.open(KEY)
    sessions, rng, taken = session_factory(connect(url)), Random(seed), []
    until = time.monotonic() + seconds
    for number, fact in enumerate(facts(rng, 1_000_000)):
        if rate:
            time.sleep(rng.expovariate(rate))
        started = time.perf_counter()
        with sessions.begin() as session:
            text = "我家停电了，在右江区城东大道" if fact.text_hash else None
            about = {"kind": fact.kind, "subject": fact.subject, "actor": fact.actor, "data": fact.data}
            record(session, **about, at=datetime.now(UTC), text=text)  # type: ignore[arg-type]
        if number >= WARM:
            taken.append((time.perf_counter() - started) * 1000)
        if time.monotonic() > until:
            return taken
    return taken


def keep(url: str, folder: Path) -> None:
    journal = Journal(folder, Ed25519PrivateKey.generate())
    keeper = Keeper(session_factory(connect(url)), journal, every_s=5, every_records=1000)
    while True:
        if not keeper.round():
            time.sleep(1)


def flushes(file: Path, count: int = 200) -> list[float]:
    """Milliseconds of the disk's own flushes of one page each, sorted: no append on it can be quicker than those."""
    taken = []
    with file.open("wb") as opened:
        for _ in range(count):
            opened.write(bytes(4096))
            opened.flush()
            started = time.perf_counter()
            os.fdatasync(opened.fileno())
            taken.append((time.perf_counter() - started) * 1000)
    return sorted(taken)


def together(url: str, folder: Path, *, rate: float, seconds: float) -> list[float]:
    """Milliseconds of the appends of all eight processes, sorted. Raises CalledProcessError."""
    keeper = subprocess.Popen([sys.executable, "-m", MODULE, "keep", url, str(folder)], cwd=ROOT)
    command = [sys.executable, "-m", MODULE, "append", url, str(rate), str(seconds)]
    children = [
        subprocess.Popen([*command, str(seed)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for seed in range(PROCESSES)
    ]
    try:
        said = [child.communicate()[0] for child in children]
        if any(child.returncode for child in children) or keeper.poll() is not None:
            raise RuntimeError("an appending process, or the keeper, has failed: see above")
    finally:
        keeper.kill()
        keeper.wait()
    return sorted(each for text in said for each in json.loads(text.splitlines()[-1]))


if __name__ == "__main__":
    if sys.argv[1] == "keep":
        keep(sys.argv[2], Path(sys.argv[3]))
    else:
        of_url, of_rate, of_seconds, of_seed = sys.argv[2:]
        print(json.dumps(append(of_url, rate=float(of_rate), seconds=float(of_seconds), seed=int(of_seed))))

"""Yesterday's state is put back while the outside world holds today's effects: is anything done twice or lost?

    uv run python tests/bench/restore.py [--orders 60] [--only sqlite|postgres]

The product's own processes run, and apart from them the strict outside world of killstorm. Orders are made; while some
are done and others under way, a backup is taken of the running system; then as many orders again are made and all are
brought to their end. Everything of ours is stopped, the backup is put back, and started again. Half of the orders are
unknown to it by then, the others are where they were. In the end each of them must be archived here, and outside
nothing may have happened, or have been asked for, again: a request under a known key counts too, because outside
systems forget keys.

One flat JSON line last: `in_gap` (orders made after the backup), `repeated`, `lost`, `adopted` (effects taken over),
`remade` (orders made again under their own numbers), `unknown` (left to a person), and the seconds of backup, restore
and reconciliation. The exit code is 0 when `repeated` and `lost` are 0.
"""

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.bench.killing import orders, stores
from tests.bench.killing.processes import ROOT, Processes, started
from ticketing.db import connect, session_factory
from ticketing.recovery.models import Restore
from ticketing.work_orders.models import WorkOrder
from ticketing.work_orders.states import State

LIMIT_S = 300.0
OURS = ("api", "worker-0", "worker-1")


class Yesterday:
    """The whole story on one store."""

    def __init__(self, processes: Processes, *, count: int) -> None:
        self.processes, self.count = processes, count
        self.numbers: list[str] = []
        self.seconds: dict[str, float] = {}
        self.address = processes.settings().sqlalchemy_url

    def play(self) -> dict[str, Any]:
        with self._customers() as sessions:
            self._make(sessions, self.count)
            self._until(lambda: orders.archived(sessions) >= self.count // 3, "a third is archived")
            backup = self._timed("backup", "take", str(self.processes.home / "backups")).split("done: ")[1].strip()
            self._make(sessions, self.count)
            self._until(lambda: orders.archived(sessions) == 2 * self.count, "all are archived")
        for name in OURS:
            stores.stop(self.processes.running[name], signal.SIGTERM)
        before = self.processes.ledger()
        self._timed("restore", "restore", backup)
        began = time.monotonic()
        for name in OURS:
            self.processes.launch(name)
        with self._customers() as sessions:
            self._until(lambda: self._gap(sessions).reconciled_at is not None, "it is reconciled")
            self.seconds["reconciled"] = time.monotonic() - began
            self._until(lambda: not self._open(sessions), "all are archived again")
            gap, lost = self._gap(sessions), self._open(sessions)
        after = self.processes.ledger()
        again = after["asked_again"] - before["asked_again"]
        more = len(after["effects"]) - len(before["effects"])
        self._tell(f"outside: {more} effects more, {again} asked again, {len(after['doubles'])} doubles")
        return {
            "orders": len(self.numbers),
            "in_gap": self.count,
            "repeated": len(after["doubles"]) + again,
            "lost": len(lost),
            "adopted": gap.adopted,
            "remade": gap.remade,
            "unknown": gap.unknown,
            **{f"{name}_s": round(seconds, 1) for name, seconds in self.seconds.items()},
        }

    def _make(self, sessions: sessionmaker[Session], count: int) -> None:
        chance, first = random.Random(3), len(self.numbers) * 2
        wanted = (number for number in range(first, first + 2 * count) if number % orders.SILENT_SHARE)
        self.numbers += [orders.make(sessions, number, chance) for number, _ in zip(wanted, range(count), strict=False)]

    def _customers(self) -> "Customers":
        return Customers(self.address)

    def _gap(self, sessions: sessionmaker[Session]) -> Restore:
        with sessions() as session:
            session.connection(execution_options={"reading": True})
            return session.scalars(select(Restore)).one()

    def _open(self, sessions: sessionmaker[Session]) -> set[str]:
        with sessions() as session:
            session.connection(execution_options={"reading": True})
            done = select(WorkOrder.number).where(WorkOrder.state == State.ARCHIVED)
            return set(self.numbers) - set(session.scalars(done))

    def _timed(self, what: str, *command: str) -> str:
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "ops.backup", *command],
            cwd=ROOT,
            env=self.processes.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{what}: {done.stderr}{done.stdout}")
        self.seconds[what] = time.monotonic() - began
        return done.stdout

    def _until(self, holds: Callable[[], bool], what: str) -> None:
        began = time.monotonic()
        while not holds():
            if time.monotonic() - began > LIMIT_S:
                self._tell(f"not within {LIMIT_S:.0f} s: {what}")
                return
            time.sleep(0.5)
        self._tell(f"{what} ({time.monotonic() - began:.0f} s)")

    def _tell(self, words: str) -> None:
        print(f"{self.processes.store.name:<9}{words}", file=sys.stderr, flush=True)


class Customers:
    """Customers who answer, on a connection that is closed before the database changes places."""

    def __init__(self, address: str) -> None:
        self._engine = connect(address)

    def __enter__(self) -> sessionmaker[Session]:
        sessions = session_factory(self._engine)
        self._customers = orders.Customers(sessions)
        self._customers.start()
        return sessions

    def __exit__(self, *_: object) -> None:
        self._customers.over.set()
        self._customers.join()
        self._engine.dispose()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--orders", type=int, default=60, help="before the backup, and as many after it")
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    asked = parser.parse_args()
    found: dict[str, Any] = {}
    for name, opened in (("sqlite", stores.sqlite), ("postgres", stores.postgres)):
        if asked.only in {None, name}:
            with opened() as store, tempfile.TemporaryDirectory(prefix="lamplighter-restore-") as folder:
                with started(Path(folder), store, workers=2, faults=0) as processes:
                    figures = Yesterday(processes, count=asked.orders).play()
                found |= {f"{name}_{key}": value for key, value in figures.items()}
    totals = {key: sum(v for k, v in found.items() if k.endswith(f"_{key}")) for key in ("repeated", "lost")}
    print(json.dumps({**totals, **found}))
    return 1 if any(totals.values()) else 0


if __name__ == "__main__":
    sys.exit(main())

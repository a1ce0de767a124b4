"""One store's storm: orders come in, workers are killed, the database is restarted, until every order is archived."""

import random
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from tests.bench.killing import orders
from tests.bench.killing.processes import Processes, started
from tests.bench.killing.stores import Store
from ticketing.automation.store import address, open_store
from ticketing.db import connect, session_factory

BETWEEN_KILLS_S = (4.0, 7.0)
"""A worker takes some eight seconds to start on two cores; sooner, and nobody would ever be at work."""
HELD = sa.text(
    "SELECT count(*) FROM {schema}workflow_status WHERE executor_id LIKE :who AND status IN ('PENDING', 'ENQUEUED')"
)


@dataclass
class Result:
    lost: int = 0
    repeated: int = 0
    deadline_error_s: float = 0.0
    adopted_s: float = 0.0
    seconds: float = 0.0
    kills: int = 0
    restarts: int = 0
    stopped: int = 0
    """Workers that were held for dead while they were only slow, and stopped."""
    escalations: int = 0
    overtaken: int = 0
    """Orders whose crew was there before its customer could be told that it was sent."""
    asked_again: int = 0
    deadline_errors: list[float] = field(default_factory=list)


def run(store: Store, *, count: int, kills: int, restarts: int, workers: int, limit_s: float, keep: bool) -> Result:
    with tempfile.TemporaryDirectory(prefix=f"lamplighter-storm-{store.name}-", delete=not keep) as folder:
        home = Path(folder)
        with started(home, store, workers=workers) as processes:
            return Storm(processes, count=count, kills=kills, restarts=restarts, limit_s=limit_s).run()


class Storm:
    def __init__(self, processes: Processes, *, count: int, kills: int, restarts: int, limit_s: float) -> None:
        self.processes, self.count, self.kills, self.restarts = processes, count, kills, restarts
        self.limit_s, self.chance, self.result = limit_s, random.Random(7), Result()
        settings = processes.settings()
        self.sessions = session_factory(connect(settings.sqlalchemy_url))
        self.store: Engine = open_store(address(settings.sqlalchemy_url, processes.home))
        self.numbers: list[str] = []
        self._watching: list[threading.Thread] = []
        self._changing = threading.Lock()

    def run(self) -> Result:
        began = time.monotonic()
        customers = orders.Customers(self.sessions)
        customers.start()
        killer = threading.Thread(target=self._kill_all, daemon=True)
        maker = threading.Thread(target=self._make_all, daemon=True)
        maker.start()
        killer.start()
        spoke = 0.0
        while time.monotonic() - began < self.limit_s:
            done = orders.archived(self.sessions)
            if time.monotonic() - spoke > 10:
                spoke = time.monotonic()
                self._say(
                    f"{spoke - began:4.0f} s: {len(self.numbers)} made, {done} archived, {self.result.kills} kills"
                )
            if done >= self.count and not killer.is_alive():
                break
            self._supervise()
            time.sleep(1)
        customers.over.set()
        for thread in self._watching:
            thread.join(timeout=60)
        self.result.seconds = time.monotonic() - began
        return self._judge()

    def _supervise(self) -> None:
        """A worker that finds itself adopted stops by itself; the supervisor starts another."""
        for name in self.processes.workers:
            with self._changing:
                if self.processes.running[name].poll() is not None:
                    self.result.stopped += 1
                    self.processes.launch(name)

    def _make_all(self) -> None:
        for number in range(self.count):
            self.numbers.append(orders.make(self.sessions, number, self.chance))

    def _kill_all(self) -> None:
        """A kill every few seconds, the restarts spread among them."""
        time.sleep(3)
        due = {round((number + 0.5) * self.kills / self.restarts) for number in range(self.restarts)}
        for number in range(self.kills):
            if number in due:
                self._restart_database()
            self._kill(self.chance.choice(self.processes.workers))
            time.sleep(self.chance.uniform(*BETWEEN_KILLS_S))

    def _kill(self, name: str) -> None:
        """SIGKILL, and at once a new one, as the supervisor does; how long its orders are nobody's is measured."""
        with self._changing:
            who = f"%-{self.processes.pid(name)}-%"
            self.processes.kill(name)
            watching = threading.Thread(target=self._until_adopted, args=(who, time.monotonic()), daemon=True)
            watching.start()
            self._watching.append(watching)
            self.processes.launch(name)
        self.result.kills += 1

    def _until_adopted(self, who: str, died: float) -> None:
        schema = "" if self.store.dialect.name == "sqlite" else "dbos."
        held = sa.text(HELD.text.format(schema=schema))
        while time.monotonic() - died < 120:
            try:
                with self.store.connect() as connection:
                    left = connection.scalar(held, {"who": who})
            except DBAPIError:
                left = None
            if left == 0:
                break
            time.sleep(0.1)
        self.result.adopted_s = max(self.result.adopted_s, time.monotonic() - died)

    def _restart_database(self) -> None:
        if self.processes.store.embedded:  # it lives in its users: all of them die at once
            with self._changing:
                for name in ("api", *self.processes.workers):
                    self.processes.kill(name)
                for name in ("api", *self.processes.workers):
                    self.processes.launch(name)
        else:
            away = self.processes.store.restart()
            self._say(f"     the database was away for {away:.1f} s")
        self.result.restarts += 1

    def _judge(self) -> Result:
        ledger = self.processes.ledger()
        held = orders.happened(ledger["effects"])
        silent = {number for at, number in enumerate(self.numbers) if at % orders.SILENT_SHARE == 0}
        booked = orders.booked(self.sessions)
        result = self.result
        overtaken, untold = orders.untold(self.sessions, self.numbers)
        lost = orders.unfinished(self.sessions, self.numbers, silent) | untold
        result.overtaken = len(overtaken)
        result.lost = self.count - len(self.numbers) + len(lost | {key[2] for key in booked - held})
        # Of an order that is not through, an effect may be outside and not in our book yet.
        tails = {number[-4:] for number in lost} | lost
        beyond = {key: count for key, count in (held - booked).items() if key[2] not in tails}
        result.repeated = max(sum(beyond.values()), len(ledger["doubles"]))
        result.deadline_errors = orders.deadline_errors(self.sessions)
        result.deadline_error_s = max(result.deadline_errors, default=0.0)
        result.escalations, result.asked_again = len(result.deadline_errors), ledger["asked_again"]
        for what in [*sorted(lost)[:5], *list(booked - held)[:5], *list(beyond)[:5], *ledger["doubles"][:5]]:
            self._say(f"     differs: {what}")
        return result

    def _say(self, words: str) -> None:
        print(f"{self.processes.store.name:<9}{words}", file=sys.stderr, flush=True)

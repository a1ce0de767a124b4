"""The same business on Celery and Redis: the same strict outside world with the same faults and crews, the same silent
orders with their deadlines, three workers that are killed and started again.

One thing is easier for it: only the silent orders have a timer, where with us each order has several.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from celery import Celery  # type: ignore[import-untyped]

from tests.bench.killing.celery_events import receiver
from tests.bench.killing.deadlines import errors, share
from tests.bench.killing.orders import AHEAD, SILENT_SHARE
from tests.bench.killing.processes import ROOT, UNHURRIED, Processes
from tests.bench.killing.stores import Store, stop
from tests.redis_server import redis_server

WORKERS = 3
STILL_S = 180.0
"""Nothing more is expected when nothing has happened outside for so long: a little more than a redelivery takes."""
LIMIT_S = 900.0
PAUSE_S = 12.0
"""Between two kills: a worker takes some eight seconds to start."""
TEXTS = ("sent", "arrived", "finished")

type Effects = Counter[tuple[str, str, str]]


def run(*, orders: int, kills: int) -> dict[str, Any]:
    """`lost`: orders with an effect missing. `repeated`: effects beyond one of each. Both as `killstorm` has them."""
    with (
        tempfile.TemporaryDirectory(prefix="lamplighter-celery-") as folder,
        redis_server(Path(folder)) as redis,
    ):
        return _Peer(Path(folder), f"redis://127.0.0.1:{redis}/0").run(orders=orders, kills=kills)


class _Peer:
    def __init__(self, home: Path, redis: str) -> None:
        self._home, self._tasks = home, Celery("peer", broker=redis)
        self._world = Processes(home, Store("celery", "", lambda: 0.0, embedded=False), workers=0, pace=UNHURRIED)
        town = {"PEER_REDIS": redis, "PEER_TOWN": f"http://127.0.0.1:{self._world.town_port}"}
        self._environment = {**os.environ, **town}
        self._workers: list[subprocess.Popen[bytes]] = []

    def run(self, *, orders: int, kills: int) -> dict[str, Any]:
        with receiver(self._world.api_port, self._take):
            self._world.launch("town")
            try:
                self._world.wait_until_up("town", self._world.town_port)
                self._workers = [self._worker() for _ in range(WORKERS)]
                return self._storm(orders=orders, kills=kills)
            finally:
                for worker in self._workers:
                    os.killpg(worker.pid, signal.SIGKILL)
                    worker.wait()
                stop(self._world.running["town"], signal.SIGKILL)

    def _take(self, event: Mapping[str, str]) -> None:
        self._tasks.send_task("event", (event["order"], event["event"]))

    def _storm(self, *, orders: int, kills: int) -> dict[str, Any]:
        began = time.monotonic()
        due = self._make(orders)
        for number in range(kills):
            time.sleep(PAUSE_S)
            self._kill(number % WORKERS)
        had = self._until_still(began)
        wanted = [(each, order) for order, at in due.items() for each in _needed(silent=at is not None)]
        told = self._world.ledger()
        late = errors(
            {order: datetime.fromtimestamp(at, UTC) for order, at in due.items() if at},
            self._world.nudges(),
            end=datetime.now(UTC),
        )
        return {
            "orders": orders,
            "kills": kills,
            "lost": len({order for (system, what), order in wanted if not had[system, order, what]}),
            "repeated": max(sum(count - 1 for count in had.values()), len(told["doubles"])),
            "deadline_error_s": max(late, default=0.0),
            "deadline_p95_s": share(late, 0.95),
            "asked_again": told["asked_again"],
            "seconds": time.monotonic() - began,
        }

    def _make(self, orders: int) -> dict[str, float | None]:
        """Hand in the orders; returns when each must be escalated."""
        crew = yaml.safe_load((ROOT / "data/demo/crews.yml").read_text("utf-8"))["crews"][0]["code"]
        chance, due = random.Random(7), dict[str, float | None]()
        for number in range(orders):
            order = f"WO{number:012d}"
            due[order] = None if number % SILENT_SHARE else time.time() + chance.uniform(*AHEAD)
            self._tasks.send_task("dispatch", (order, crew, due[order]))
        return due

    def _until_still(self, began: float) -> Effects:
        """Wait until nothing has been asked of the outside world for longer than a redelivery takes."""
        seen, since = (-1, -1), time.monotonic()
        while time.monotonic() - began < LIMIT_S:
            told = self._world.ledger()
            now_seen = (len(told["effects"]), told["asked_again"])
            if now_seen != seen:
                seen, since = now_seen, time.monotonic()
            if time.monotonic() - since > STILL_S:
                break
            time.sleep(1)
        return counted(told["effects"])

    def _kill(self, number: int) -> None:
        os.killpg(self._workers[number].pid, signal.SIGKILL)
        self._workers[number].wait()
        self._workers[number] = self._worker()

    def _worker(self) -> "subprocess.Popen[bytes]":
        celery = ("celery", "-A", "tests.bench.killing.celery_tasks", "worker", "--concurrency", "2")
        with (self._home / "peer.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *celery, "--loglevel", "error", "-n", f"w{time.monotonic_ns()}@%h"],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


def _needed(*, silent: bool) -> list[tuple[str, str]]:
    """What each order must have had outside: as with us."""
    always = [("crew_app", "job"), ("marketing", "service_order"), *(("sms", text) for text in TEXTS)]
    return [*always, ("crew_app", "nudges")] if silent else always


def counted(effects: list[list[str]]) -> Effects:
    """By system, order and kind, the crews' own events left out."""
    found: Effects = Counter()
    for system, what, meaning in effects:
        words = meaning.split()
        if system == "sms":
            found[system, words[1], words[2]] += 1
        elif what != "event":
            found[system, words[0], what] += 1
    return found

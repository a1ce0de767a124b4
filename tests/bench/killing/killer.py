"""Who kills: workers, now and then one with its parent, and the database; spread over the making of the orders."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime

from tests.bench.killing.adoptions import Adoptions
from tests.bench.killing.processes import Processes
from ticketing.db import now

PAUSE_S = 3.0
"""Between two kills at the least."""
WHOLE = 5
"""With every so many-th worker its parent is killed too: then only its silence tells that it is dead."""


class Killer(threading.Thread):
    """`progress`: the share of the orders that are made, 0 to 1."""

    def __init__(
        self,
        processes: Processes,
        adoptions: Adoptions,
        *,
        kills: int,
        restarts: int,
        chance: random.Random,
        progress: Callable[[], float],
        say: Callable[[str], None],
    ) -> None:
        super().__init__(daemon=True)
        self._processes, self._adoptions, self._chance = processes, adoptions, chance
        self._kills, self._restarts, self._progress, self._say = kills, restarts, progress, say
        self.killed = self.with_parent = self.restarted = self.stopped = 0
        self.away: list[tuple[datetime, datetime]] = []
        """When the database could not be used."""
        self._changing = threading.Lock()

    def run(self) -> None:
        restarts = {round((number + 0.5) * self._kills / self._restarts) for number in range(self._restarts)}
        for number in range(self._kills):
            while self._progress() < (number + 0.5) / self._kills:
                time.sleep(0.2)
            if number in restarts:
                self._restart_database()
            self._kill(whole=number % WHOLE == WHOLE - 1)
            time.sleep(PAUSE_S)

    def supervise(self) -> None:
        """Start again what ended without us."""
        for name in self._processes.workers:
            with self._changing:
                if self._processes.running[name].poll() is not None:
                    self.stopped += 1
                    self._processes.launch(name)

    def _kill(self, *, whole: bool) -> None:
        name, pid = self._one_at_work()
        with self._changing:
            if whole:
                self._processes.kill(name)  # and the kernel its child
                self._processes.launch(name)
                self.with_parent += 1
            else:
                os.kill(pid, signal.SIGKILL)
            self._adoptions.died(pid)
        self.killed += 1

    def _one_at_work(self) -> tuple[str, int]:
        while True:
            name = self._chance.choice(self._processes.workers)
            if pid := self._processes.at_work(name):
                return name, pid
            time.sleep(0.1)

    def _restart_database(self) -> None:
        if self._processes.store.embedded:  # it lives in its users: all of them die at once
            with self._changing:
                pids = [pid for name in self._processes.workers if (pid := self._processes.at_work(name))]
                for pid in pids:
                    os.kill(pid, signal.SIGKILL)
                self._processes.kill("api")
                self._processes.launch("api")
                for pid in pids:
                    self._adoptions.died(pid)
        else:
            gone = now()
            away_s = self._processes.store.restart()
            self.away.append((gone, now()))
            self._say(f"     the database was away for {away_s:.1f} s")
        self.restarted += 1

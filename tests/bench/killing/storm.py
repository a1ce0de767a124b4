"""One store's storm: orders come in, workers are killed, the database is restarted, until every order is archived."""

import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench.killing import deadlines, judge, orders
from tests.bench.killing.adoptions import Adoptions
from tests.bench.killing.killer import Killer
from tests.bench.killing.processes import UNHURRIED, Processes, started
from tests.bench.killing.stores import Store
from ticketing.automation.store import address, open_store
from ticketing.db import connect, now, session_factory


@dataclass(frozen=True)
class Plan:
    """`limit_s`: after so long it is over, whatever is not done."""

    orders: int
    kills: int
    restarts: int
    workers: int
    open_at_once: int
    limit_s: float


@dataclass(frozen=True)
class Result:
    """What `killstorm` describes."""

    lost: int
    repeated: int
    deadline_error_s: float
    deadline_p95_s: float
    deadline_up_s: float
    adopted_s: float
    adopted_p95_s: float
    escalations: int
    alarm_s: float
    alarm_p95_s: float
    adoptions: int
    asked_again: int
    kills: int
    with_parent: int
    restarts: int
    away_s: float
    stopped: int
    seconds: float


def run(store: Store, plan: Plan, *, keep: bool) -> Result:
    with (
        tempfile.TemporaryDirectory(prefix=f"lamplighter-storm-{store.name}-", delete=not keep) as folder,
        started(Path(folder), store, workers=plan.workers, pace=UNHURRIED) as processes,
    ):
        return Storm(processes, plan).run()


class Storm:
    def __init__(self, processes: Processes, plan: Plan) -> None:
        self.processes, self.plan = processes, plan
        settings, chance = processes.settings(), random.Random(7)
        self.sessions = session_factory(connect(settings.sqlalchemy_url))
        self.maker = orders.Maker(self.sessions, count=plan.orders, open_at_once=plan.open_at_once, chance=chance)
        self.customers = orders.Customers(self.sessions)
        self.witness = deadlines.Witness(self.sessions)
        self.adoptions = Adoptions(open_store(address(settings.sqlalchemy_url, processes.home)))
        self.killer = Killer(
            processes,
            self.adoptions,
            kills=plan.kills,
            restarts=plan.restarts,
            chance=random.Random(8),
            progress=lambda: len(self.maker.numbers) / plan.orders,
            say=self._say,
        )

    def run(self) -> Result:
        began = spoke = time.monotonic()
        for thread in (self.customers, self.witness, self.adoptions, self.maker, self.killer):
            thread.start()
        while time.monotonic() - began < self.plan.limit_s:
            self.maker.done = orders.archived(self.sessions)
            if self.maker.done >= self.plan.orders and not self.killer.is_alive():
                break
            if time.monotonic() - spoke > 10:
                spoke = time.monotonic()
                self._report(spoke - began)
            self.killer.supervise()
            time.sleep(1)
        time.sleep(2)  # for what the last flows still have on their way
        for watching in (self.customers, self.witness, self.adoptions):
            watching.over.set()
            watching.join()
        return self._judge(time.monotonic() - began)

    def _report(self, seconds: float) -> None:
        made, took = len(self.maker.numbers), self.adoptions.took
        self._say(
            f"{seconds:4.0f} s: {made} made, {self.maker.done} archived, {self.killer.killed} kills, "
            f"{len(self.witness.seen)} escalated, {len(took)} adopted, the slowest in {max(took, default=0):.1f} s"
        )

    def _judge(self, seconds: float) -> Result:
        ledger, end = self.processes.ledger(), now()
        held, booked = judge.happened(ledger["effects"]), judge.booked(self.sessions)
        due = deadlines.due(self.sessions, self.maker.silent)
        late = deadlines.errors(due, self.witness.seen, end=end)
        up = deadlines.errors(deadlines.while_up(due, self.killer.away), self.witness.seen, end=end)
        alarms = deadlines.errors(due, self.processes.nudges(), end=end)
        lost = judge.unfinished(self.sessions, self.maker.numbers, self.maker.silent) | (
            set(due) - set(self.witness.seen)
        )
        # Of an order that is not through, an effect may be outside and not in our book yet.
        tails = {number[-4:] for number in lost} | lost
        beyond = {key: count for key, count in (held - booked).items() if key[2] not in tails}
        for error, order in sorted(zip(late, due, strict=True), reverse=True)[:5]:
            self._say(f"     {order} was escalated {error:.1f} s off {due[order]:%X}")
        for what in [*sorted(lost)[:5], *list(booked - held)[:5], *list(beyond)[:5], *ledger["doubles"][:5]]:
            self._say(f"     differs: {what}")
        took = self.adoptions.took + self.adoptions.left()
        return Result(
            lost=self.plan.orders - len(self.maker.numbers) + len(lost | {key[2] for key in booked - held}),
            repeated=max(sum(beyond.values()), len(ledger["doubles"])),
            deadline_error_s=max(late, default=0.0),
            deadline_p95_s=deadlines.share(late, 0.95),
            deadline_up_s=max(up, default=0.0),
            adopted_s=max(took, default=0.0),
            adopted_p95_s=deadlines.share(took, 0.95),
            escalations=len(set(due) & set(self.witness.seen)),
            alarm_s=max(alarms, default=0.0),
            alarm_p95_s=deadlines.share(alarms, 0.95),
            adoptions=len(took),
            asked_again=ledger["asked_again"],
            kills=self.killer.killed,
            with_parent=self.killer.with_parent,
            restarts=self.killer.restarted,
            away_s=max(((back - gone).total_seconds() for gone, back in self.killer.away), default=0.0),
            stopped=self.killer.stopped,
            seconds=seconds,
        )

    def _say(self, words: str) -> None:
        print(f"{self.processes.store.name:<9}{words}", file=sys.stderr, flush=True)

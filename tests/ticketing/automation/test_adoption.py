"""The contract with DBOS: what the private method and the traps of reference must go on doing, on both stores.

If one of these fails after an upgrade of DBOS, orders of dead workers would stay where they are for ever.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ticketing.automation.dying import worker
from ticketing.automation.dbos_flows import DbosFlows
from ticketing.automation.dbos_worker import DbosWorker
from ticketing.automation.port import FlowNotFound, Status, StepNotFound
from ticketing.automation.store import address, open_store

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 60


class Dying:
    """A worker in a process of its own, and the engine seen from here."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.file = url, folder / "lines"
        self.flows = DbosFlows(open_store(url))
        command = [sys.executable, "-m", "tests.ticketing.automation.dying", url, "dead", str(self.file)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE)
        assert self.process.stdout and self.process.stdout.readline() == b"up\n"

    def lines(self) -> list[str]:
        return self.file.read_text().splitlines() if self.file.exists() else []

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def until(self, *lines: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while self.lines() != list(lines):
            assert time.monotonic() < end, self.lines()
            time.sleep(0.05)

    def until_kept(self, step: str) -> None:
        """Until the engine has the step's end on record: a kill between its effect and that may repeat it."""
        end = time.monotonic() + PATIENCE_S
        while not any(taken.name == step and taken.ended for taken in self.flows.steps("WO1")):
            assert time.monotonic() < end, self.flows.steps("WO1")
            time.sleep(0.05)


@pytest.fixture
def dying(database_url: str, tmp_path: Path) -> Iterator[Dying]:
    started = Dying(address(database_url, tmp_path), tmp_path)
    yield started
    started.kill()
    started.flows.close()


@pytest.fixture
def living(dying: Dying) -> Iterator[DbosWorker]:
    made = worker(dying.url, "living", dying.file)
    yield made
    made.stop()


def test_a_dead_workers_flow_is_adopted_and_no_finished_step_is_repeated(dying: Dying, living: DbosWorker) -> None:
    dying.flows.start("slow", "WO1", {"name": "x", "wait_s": 300})
    dying.flows.start("slow", "WO1", {"name": "again", "wait_s": 300})  # the row of the outbox came twice
    dying.until("first x")
    dying.until_kept("first")
    dying.kill()
    dying.flows.signal("WO1", key="k", bell="rung while nobody lived")
    living.launch()
    assert living.adopt("dead") == 1
    assert living.adopt("dead") == 0  # what is adopted is not adopted again
    dying.until("first x", "second rung while nobody lived")


def test_a_timer_keeps_its_first_deadline_across_the_death(dying: Dying, living: DbosWorker) -> None:
    began = time.time()
    dying.flows.start("slow", "WO1", {"name": "x", "wait_s": 12})
    dying.until("first x")
    time.sleep(3)
    dying.kill()
    living.launch()
    living.adopt("dead")
    dying.until("first x", "second None")
    known = dying.flows.find("WO1")
    slept = next(step for step in dying.flows.steps("WO1") if step.name == "second")
    assert known and slept.began and slept.began.timestamp() - began < 12 + 10  # anew it would be 12 after the adoption
    assert slept.began.timestamp() - began >= 12


def test_a_finished_flow_runs_again_from_a_step_under_its_own_id(dying: Dying) -> None:
    dying.flows.start("slow", "WO1", {"name": "x", "wait_s": 0})
    dying.until("first x", "second None")
    end = time.monotonic() + PATIENCE_S
    while (known := dying.flows.find("WO1")) and known.status is not Status.DONE:
        assert time.monotonic() < end
        time.sleep(0.05)
    dying.flows.retry_from("WO1", "second")
    dying.until("first x", "second None", "second None")
    with pytest.raises(StepNotFound):
        dying.flows.retry_from("WO1", "third")
    with pytest.raises(FlowNotFound):
        dying.flows.retry_from("WO2")


def test_a_cancelled_flow_does_no_further_step(dying: Dying) -> None:
    dying.flows.start("slow", "WO1", {"name": "x", "wait_s": 300})
    dying.until("first x")
    dying.flows.cancel("WO1")
    dying.flows.signal("WO1", key="k", bell="late")
    time.sleep(2)
    assert dying.lines() == ["first x"]
    known = dying.flows.find("WO1")
    assert known and known.status is Status.CANCELLED and dying.flows.unfinished() == []


def test_the_store_holds_json_and_a_pinned_version(dying: Dying) -> None:
    dying.flows.start("slow", "WO1", {"name": "x", "wait_s": 300})
    dying.until("first x")
    schema = "" if dying.url.startswith("sqlite") else "dbos."
    with open_store(dying.url).connect() as connection:
        query = f"SELECT serialization, application_version, executor_id FROM {schema}workflow_status"
        [row] = connection.exec_driver_sql(query).all()
        kept = connection.exec_driver_sql(f"SELECT inputs FROM {schema}workflow_input").scalar_one()
    assert json.loads(kept)["positionalArgs"] == [{"name": "x", "wait_s": 300}]
    assert (row.serialization, row.application_version, row.executor_id) == ("portable_json", "1", "dead")


def test_nobody_is_woken_who_is_not_there(dying: Dying) -> None:
    with pytest.raises(FlowNotFound):
        dying.flows.signal("WO9", key="k", bell="x")
    with pytest.raises(FlowNotFound):
        dying.flows.cancel("WO9")

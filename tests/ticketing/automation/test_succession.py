"""A worker that dies is followed by the next, which knows of the death; parent and child end together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 30


class Family:
    def __init__(self, file: Path, *arguments: str) -> None:
        self.file = file
        command = [sys.executable, "-m", "tests.ticketing.automation.heirs", str(file), *arguments]
        self.parent = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})

    def lives(self) -> list[list[str]]:
        return [line.split() for line in self.file.read_text().splitlines()] if self.file.exists() else []

    def child(self, number: int) -> int:
        until(lambda: len(self.lives()) > number)
        return int(self.lives()[number][0].split("-")[-2])


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1].startswith("Z")
    except FileNotFoundError:
        return True


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    started = Family(tmp_path / "lives")
    yield started
    started.parent.kill()
    started.parent.wait()


def test_who_is_killed_is_followed_by_one_that_knows_of_it(family: Family) -> None:
    os.kill(family.child(0), signal.SIGKILL)
    os.kill(family.child(1), signal.SIGKILL)
    family.child(2)
    first, second, third = family.lives()
    assert second[1:] == first[:1]
    assert third[1:] == [first[0], second[0]]


def test_asked_to_end_both_end(family: Family) -> None:
    child = family.child(0)
    family.parent.terminate()
    assert family.parent.wait(PATIENCE_S) == 0
    assert is_gone(child)


def test_a_killed_parent_takes_its_child_along(family: Family) -> None:
    child = family.child(0)
    family.parent.kill()
    family.parent.wait()
    until(lambda: is_gone(child))


@pytest.mark.parametrize("status", [0, 3])
def test_who_ends_by_itself_is_not_followed(status: int, tmp_path: Path) -> None:
    family = Family(tmp_path / "lives", str(status))
    assert family.parent.wait(PATIENCE_S) == status
    assert len(family.lives()) == 1


def test_nothing_that_a_worker_imports_starts_a_thread() -> None:
    """A fork copies one thread only: a lock that another one held would be held for ever."""
    look = "import os; import ticketing.automation.worker; print(len(os.listdir('/proc/self/task')))"
    told = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "1"

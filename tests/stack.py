"""The whole system, started by `ops.run` on free ports with a data directory of its own, for tests and benches."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.parts import port_settings
from tests.journeys.system import System

ROOT = Path(__file__).resolve().parent.parent
START_LIMIT_S = 420


class Stack:
    """A running system: where it is, the processes of its parts, its log."""

    def __init__(self, home: Path, environment: dict[str, str]) -> None:
        self.home = home
        self.environment = environment
        self.log = home / "run.out"
        self.system = System(
            home=home,
            bot=f"http://127.0.0.1:{environment['BOT_PORT']}",
            ticketing=f"http://127.0.0.1:{environment['TICKETING_PORT']}",
            voice_port=int(environment["VOICE_PORT"]),
        )

    def pid(self, part: str) -> int:
        """The process that supervisord started last for `part`."""
        said = (self.home / "logs" / "supervisord.log").read_text()
        return int(re.findall(rf"spawned: '{part}' with pid (\d+)", said)[-1])

    @property
    def secrets(self) -> dict[str, str]:
        """What the parts tell each other, by setting."""
        return dict(line.split("=", 1) for line in (self.home / "secrets.env").read_text().splitlines())

    def kill(self, part: str) -> None:
        os.kill(self.pid(part), signal.SIGKILL)


def free_ports(settings: dict[str, str]) -> dict[str, str]:
    """A free port for each setting that names one."""
    names = list(port_settings(settings))
    held = [socket.create_server(("127.0.0.1", 0)) for _ in names]
    chosen = {name: str(probe.getsockname()[1]) for name, probe in zip(names, held, strict=True)}
    for probe in held:
        probe.close()
    return chosen


@contextmanager
def running(home: Path, *, starter: str = "ops.run", **settings: str) -> Iterator[Stack]:
    """Start everything, yield when it is up, stop it as Ctrl-C does. Raises RuntimeError with the end of the log.

    `starter`: the module that starts it, where a test replaces a part.
    """
    home.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, **free_ports(settings), "LAMPLIGHTER_HOME": str(home), **settings}
    stack = Stack(home, environment)
    with stack.log.open("w") as log:
        owner = subprocess.Popen(
            [sys.executable, "-m", starter], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _until_up(owner, stack.log)
        yield stack
    finally:
        owner.send_signal(signal.SIGINT)
        owner.wait(timeout=120)


def _until_up(owner: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(START_LIMIT_S * 2):
        if "Lamplighter is up" in log.read_text():
            return
        try:
            owner.wait(timeout=0.5)
            break
        except subprocess.TimeoutExpired:
            continue
    raise RuntimeError(f"the system did not start:\n{log.read_text()[-4000:]}")

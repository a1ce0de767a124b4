"""A real supervisord with two small real servers: gated start, restart of what dies, a stop without orphans."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops import gate
from ops.parts import Part
from ops.progress import Progress
from ops.supervision import Supervisor

SERVER = (
    "import http.server, sys; address = ('127.0.0.1', int(sys.argv[1])); "
    "http.server.HTTPServer(address, http.server.SimpleHTTPRequestHandler).serve_forever()"
)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def web_part(name: str, *after: str) -> Part:
    port = free_port()
    command = (sys.executable, "-c", SERVER, str(port))
    return Part(name, port, "X_PORT", command, ("X_",), after=after, health=f"http://127.0.0.1:{port}/", patience_s=20)


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    supervisor = Supervisor(tmp_path / "run", tmp_path / "logs")
    yield supervisor
    supervisor.stop()


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"


def wait_until(condition: object, seconds: float = 15) -> bool:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_parts_start_in_order_restart_and_stop(
    supervisor: Supervisor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = [web_part("second", "first"), web_part("first")]
    supervisor.start(parts, dict(os.environ))
    gate.start(parts, supervisor, Progress())
    said = capsys.readouterr().out
    assert said.index("first") < said.index("second")

    victim = supervisor.states()["first"].pid
    os.kill(victim, signal.SIGKILL)
    back = wait_until(lambda: supervisor.states()["first"].pid not in {0, victim} and not gate.healthy(parts[1]))
    assert back, "the killed part was not started again"

    pids = [state.pid for state in supervisor.states().values()]
    supervisor.stop()
    assert all(gone(pid) for pid in pids)


def test_a_part_that_cannot_start_fails_with_its_log(supervisor: Supervisor) -> None:
    command = (sys.executable, "-c", "import sys; sys.exit('the model is missing: run make train')")
    parts = [Part("engine", free_port(), "X_PORT", command, ("X_",), patience_s=8)]
    supervisor.start(parts, dict(os.environ))
    with pytest.raises(gate.NotUp, match="the model is missing: run make train"):
        gate.start(parts, supervisor, Progress())


def test_nothing_outlives_an_owner_that_is_killed(tmp_path: Path) -> None:
    script = f"""
import os, sys, time
from pathlib import Path
from ops.parts import Part
from ops.supervision import Supervisor
supervisor = Supervisor(Path({str(tmp_path / "run")!r}), Path({str(tmp_path / "logs")!r}))
part = Part("sleeper", 1, "X_PORT", (sys.executable, "-c", "import time; time.sleep(600)"), ("X_",))
supervisor.start([part], dict(os.environ))
supervisor.launch("sleeper")
time.sleep(1)
print(supervisor.states()["sleeper"].pid, flush=True)
time.sleep(600)
"""
    owner = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert owner.stdout
    sleeper = int(owner.stdout.readline())
    assert not gone(sleeper)
    owner.kill()
    owner.wait()
    assert wait_until(lambda: gone(sleeper)), "the part outlived its killed owner"

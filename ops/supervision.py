"""supervisord: its configuration, and a small typed door to it over its UNIX socket."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import xmlrpc.client
from dataclasses import dataclass
from pathlib import Path

from supervisor.xmlrpc import SupervisorTransport

from ops.leash import EVERYTHING
from ops.parts import Part

START_WAIT_S = 30
STOP_WAIT_S = 15
BACKOFF, FATAL = 30, 200
"""States of a part, in supervisord's own numbers."""


def configuration(parts: list[Part], *, socket: Path, run: Path, logs: Path) -> str:
    """The text of supervisord.conf: each part restarted when it dies, stopped with its children, logs rotated."""
    head = f"""\
[supervisord]
nodaemon=true
logfile={logs}/supervisord.log
logfile_maxbytes=5MB
pidfile={run}/supervisord.pid
childlogdir={logs}
[unix_http_server]
file={socket}
chmod=0700
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""
    return head + "".join(_program(part, priority, logs) for priority, part in enumerate(parts, start=1))


def _program(part: Part, priority: int, logs: Path) -> str:
    leash = [sys.executable, "-m", "ops.leash", ",".join(part.sees), "--", *part.command]
    return f"""\
[program:{part.name}]
command={" ".join(f'"{word}"' for word in leash).replace("%", "%%")}
autostart=false
autorestart=true
startsecs=1
startretries=1000
stopwaitsecs={STOP_WAIT_S}
stopasgroup=true
killasgroup=true
priority={priority}
redirect_stderr=true
stdout_logfile={logs}/{part.name}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=3
"""


@dataclass(frozen=True)
class State:
    """What supervisord says of one part: `pid` is 0 while it is down."""

    name: str
    code: int
    pid: int
    said: str


class Supervisor:
    """One supervisord, started by us, that dies with us."""

    def __init__(self, run: Path, logs: Path) -> None:
        self.run = run
        self.logs = logs
        # In a short place: the path of a UNIX socket may have 107 characters, a data directory's may have more.
        self._socket = Path(tempfile.mkdtemp(prefix="lamplighter-")) / "supervisor.sock"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, parts: list[Part], environment: dict[str, str]) -> None:
        """Start supervisord with every part known and none running. Raises RuntimeError when it does not come up."""
        for folder in (self.run, self.logs):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
        file = self.run / "supervisord.conf"
        file.write_text(configuration(parts, socket=self._socket, run=self.run, logs=self.logs))
        supervisord = [sys.executable, "-m", "supervisor.supervisord", "-c", str(file)]
        with (self.logs / "supervisord.out").open("wb") as out:
            # A session of its own: Ctrl-C in the terminal reaches us alone, and we stop the parts in order.
            # It is handed the whole environment: the parts' own leashes divide it.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ops.leash", EVERYTHING, "--", *supervisord],
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_WAIT_S
        while time.monotonic() < deadline and self._process.poll() is None:
            if self._socket.exists():
                return
            time.sleep(0.1)
        raise RuntimeError(f"supervisord did not start:\n{tail(self.logs / 'supervisord.out')}")

    def launch(self, name: str) -> None:
        self._call().startProcess(name, False)

    def states(self) -> dict[str, State]:
        found = self._call().getAllProcessInfo()
        assert isinstance(found, list)
        return {info["name"]: State(info["name"], info["state"], info["pid"], info["description"]) for info in found}

    def stop(self) -> None:
        """Stop every part, last started first, then supervisord itself."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=6 * STOP_WAIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()  # the parts' leashes then end them
        shutil.rmtree(self._socket.parent, ignore_errors=True)

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _call(self) -> xmlrpc.client.ServerProxy:
        transport = SupervisorTransport(None, None, f"unix://{self._socket}")
        proxy = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport)
        return proxy.supervisor  # type: ignore[return-value]


def tail(file: Path, lines: int = 12) -> str:
    """The last lines of a log, for an operator who must see why a part does not come up."""
    if not file.exists():
        return "(no log yet)"
    with file.open("rb") as log:
        log.seek(0, os.SEEK_END)
        log.seek(max(0, log.tell() - 16_384))
        return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])

"""The processes of one storm: the outside world, ticketing's API for the crews' events, and the workers."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from tests.bench.killing.stores import Store, stop
from tests.redis_server import free_port
from ticketing.config import Settings
from ticketing.personal import vault

ROOT = Path(__file__).resolve().parents[3]
UP_S = 240
SILENT = "静默"
"""Orders with this word in them are not accepted before the crew is hurried."""
type Pace = Mapping[str, Sequence[float] | str]
PACE: Pace = {"accepted": [1, 3], "arrived": [1, 4], "restored": [1, 4], "reported_back": [0.5, 2], "silent": SILENT}
UNHURRIED: Pace = {**PACE, "accepted": [3, 6], "arrived": [8, 15], "restored": [20, 30], "reported_back": [1, 3]}
"""Crews that take longer than any adoption: whoever is sent has its customer told of it before the light is on."""
FAULTS = 17
"""Of so many requests to the outside world one is done but not answered, and one is refused though it was right."""


class Processes:
    """All processes of a storm, over one data directory."""

    def __init__(self, home: Path, store: Store, *, workers: int, faults: int = FAULTS, pace: Pace = PACE) -> None:
        self.home, self.store, self.faults, self.pace = home, store, faults, pace
        self.town_port, self.api_port = free_port(), free_port()
        self.worker_ports = [free_port() for _ in range(workers)]
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = self._environment()

    def _environment(self) -> dict[str, str]:
        town, api = f"http://127.0.0.1:{self.town_port}", f"http://127.0.0.1:{self.api_port}"
        return {
            **os.environ,
            "LAMPLIGHTER_HOME": str(self.home),
            "LAMPLIGHTER_DEMO": "true",
            "DATABASE_URL": self.store.url,
            "TICKETING_BOT_TOKEN": "bot",
            "TICKETING_ACTIONS_TOKEN": "actions",
            "TICKETING_FRONT_DOOR_TOKEN": "front-door",
            "TICKETING_DATA_KEY": base64.b64encode(bytes(32)).decode(),
            "TICKETING_SMS_URL": f"{town}/sms",
            "TICKETING_CREW_APP_URL": f"{town}/crew-app",
            "TICKETING_CREW_APP_TOKEN": "crew-token",
            "TICKETING_CREW_APP_SECRET": "crew-secret",
            "TICKETING_MARKETING_URL": f"{town}/marketing",
            "TOWN_CREW_APP_TOKEN": "crew-token",
            "TOWN_CREW_APP_SECRET": "crew-secret",
            "TOWN_EVENTS_URL": f"{api}/api/crew-app/events",
            "TOWN_PACE": json.dumps(self.pace),
            "TOWN_FAULTS": str(self.faults),
            "PYTHONUNBUFFERED": "1",
        }

    def settings(self) -> Settings:
        """Ticketing's settings on this store, its vault opened: for who looks into the database."""
        given = {"home": self.home, "database_url": self.store.url, "data_key": self.environment["TICKETING_DATA_KEY"]}
        tokens = dict.fromkeys(("bot_token", "actions_token", "front_door_token"), "-")
        settings = Settings.model_validate(given | tokens)
        vault.open(settings.data_key.get_secret_value())
        return settings

    def prepare(self) -> None:
        for module in ("ticketing.migrate", "ticketing.seed"):
            subprocess.run([sys.executable, "-m", module], cwd=ROOT, env=self.environment, check=True)

    def launch(self, name: str) -> None:
        """Start `town`, `api` or `worker-N`; what ran under that name is dead."""
        commands = {
            "town": ["ops.demo_town.main", "--port", str(self.town_port)],
            "api": ["uvicorn", "ticketing.main:app", "--factory", "--port", str(self.api_port), "--no-access-log"],
        } | {
            f"worker-{number}": ["ticketing.automation", "worker", "--port", str(port)]
            for number, port in enumerate(self.worker_ports)
        }
        with (self.home / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", *commands[name]], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    @property
    def workers(self) -> list[str]:
        return [f"worker-{number}" for number in range(len(self.worker_ports))]

    def pid(self, name: str) -> int:
        return self.running[name].pid

    def at_work(self, name: str) -> int | None:
        """The process that runs a worker's flows: the child of the one that was launched (`succession`), if it has
        one just now.
        """
        parent = self.pid(name)
        try:
            children = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()
        except OSError:
            return None
        return int(children[0]) if children else None

    def kill(self, name: str) -> None:
        stop(self.running[name], signal.SIGKILL)

    def wait_up(self) -> None:
        for name, port in [
            ("town", self.town_port),
            ("api", self.api_port),
            *zip(self.workers, self.worker_ports, strict=True),
        ]:
            self.wait_until_up(name, port)

    def wait_until_up(self, name: str, port: int) -> None:
        end = time.monotonic() + UP_S
        while time.monotonic() < end:
            try:
                if httpx.get(f"http://127.0.0.1:{port}/health", timeout=5, trust_env=False).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise RuntimeError(f"{name} is not up:\n{(self.home / f'{name}.log').read_text()[-3000:]}")

    def ledger(self) -> dict[str, Any]:
        return ledger(self.town_port)

    def nudges(self) -> dict[str, datetime]:
        return nudges(self.town_port, token=self.environment["TOWN_CREW_APP_TOKEN"])


def ledger(town_port: int) -> dict[str, Any]:
    """All that happened outside: `effects` (system, what, meaning), `doubles`, `asked_again`."""
    url = f"http://127.0.0.1:{town_port}/ledger"
    answer: dict[str, Any] = httpx.get(url, timeout=30, trust_env=False).json()
    return answer


def nudges(town_port: int, *, token: str) -> dict[str, datetime]:
    """When each order's crew was first hurried, by the outside world's clock."""
    url, headers = f"http://127.0.0.1:{town_port}/crew-app/log", {"Authorization": f"Bearer {token}"}
    found: list[dict[str, Any]] = []
    while True:
        query = {"since": "2000-01-01T00:00:00+00:00", "after": str(len(found))}
        page = httpx.get(url, params=query, headers=headers, timeout=30, trust_env=False).json()
        found += page["entries"]
        if not page["more"]:
            break
    hurried = [each for each in found if each["what"] == "nudges"]
    return {each["content"]["order"]: datetime.fromisoformat(each["at"]) for each in reversed(hurried)}


@contextmanager
def started(home: Path, store: Store, *, workers: int, faults: int = FAULTS, pace: Pace = PACE) -> Iterator[Processes]:
    processes = Processes(home, store, workers=workers, faults=faults, pace=pace)
    processes.prepare()
    try:
        for name in ("town", "api", *processes.workers):
            processes.launch(name)
        processes.wait_up()
        yield processes
    finally:
        for process in processes.running.values():
            stop(process, signal.SIGKILL)

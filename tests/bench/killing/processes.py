"""The processes of one storm: the outside world, ticketing's API for the crews' events, and the workers."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
PACE = {"accepted": [1, 3], "arrived": [1, 4], "restored": [1, 4], "reported_back": [0.5, 2], "silent": SILENT}
FAULTS = 17
"""Of so many requests to the outside world one is done but not answered, and one is refused though it was right."""


class Processes:
    """All processes of a storm, over one data directory."""

    def __init__(self, home: Path, store: Store, *, workers: int, faults: int = FAULTS) -> None:
        self.home, self.store, self.faults = home, store, faults
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
            "TOWN_PACE": json.dumps(PACE),
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

    def kill(self, name: str) -> None:
        stop(self.running[name], signal.SIGKILL)

    def wait_up(self) -> None:
        for name, port in [
            ("town", self.town_port),
            ("api", self.api_port),
            *zip(self.workers, self.worker_ports, strict=True),
        ]:
            self._wait(name, port)

    def _wait(self, name: str, port: int) -> None:
        end = time.monotonic() + UP_S
        while time.monotonic() < end:
            try:
                if httpx.get(f"http://127.0.0.1:{port}/health", timeout=5, trust_env=False).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise RuntimeError(f"{name} is not up:\n{(self.home / f'{name}.log').read_text()[-3000:]}")

    def ledger(self) -> dict[str, Any]:
        answer: dict[str, Any] = httpx.get(
            f"http://127.0.0.1:{self.town_port}/ledger", timeout=30, trust_env=False
        ).json()
        return answer


@contextmanager
def started(home: Path, store: Store, *, workers: int, faults: int = FAULTS) -> Iterator[Processes]:
    processes = Processes(home, store, workers=workers, faults=faults)
    processes.prepare()
    try:
        for name in ("town", "api", *processes.workers):
            processes.launch(name)
        processes.wait_up()
        yield processes
    finally:
        for process in processes.running.values():
            stop(process, signal.SIGKILL)

"""Rasa 3.6.21 as it ships, the peer of the speed bench: `rasa run` with the same model, actions and policies.

It has Rasa's own SQLite tracker store, its own REST channel, its own words (the default texts of `domain.yml`) and
nothing of `bot/engine` but the components that the model names. Only its debug log is off, as in ours.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from ops.parts import ENGINE_PYTHON

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT_S = 180.0
ENDPOINTS = """\
action_endpoint: {{url: "{actions}/webhook", token: "{token}"}}
tracker_store: {{type: SQL, dialect: sqlite, db: "{folder}/rasa.db"}}
"""


@contextmanager
def stock_rasa(folder: Path, *, model: Path, port: int, actions: str, actions_token: str) -> Iterator[str]:
    """Start it in `folder`, yield its address, stop it. Raises RuntimeError with the end of its log."""
    folder.mkdir(parents=True)
    (folder / "endpoints.yml").write_text(ENDPOINTS.format(actions=actions, token=actions_token, folder=folder))
    (folder / "credentials.yml").write_text("rest:\n")
    environment = {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "LOG_LEVEL": "WARNING",
        "PYTHONPATH": str(ROOT),
    }
    command = [
        *(str(ROOT / ENGINE_PYTHON), "-W", "ignore", "-m", "rasa", "run", "--enable-api", "--model", str(model)),
        *("--interface", "127.0.0.1", "--port", str(port)),
        *("--endpoints", "endpoints.yml", "--credentials", "credentials.yml"),
    ]
    with (folder / "rasa.log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        url = f"http://127.0.0.1:{port}"
        _until_ready(server, url, folder / "rasa.log")
        yield url
    finally:
        server.terminate()
        server.wait(timeout=60)


def _until_ready(server: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if httpx.get(f"{url}/status", timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.5)
    raise RuntimeError(f"stock Rasa did not start:\n{log.read_text()[-3000:]}")

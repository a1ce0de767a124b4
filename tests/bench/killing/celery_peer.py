"""The same work on Celery and Redis, as it is usually built: one task an order, acknowledged late, redelivered.

The task does five effects on the same strict outside world, each under a key that is the same at each try, as careful
people do and as our flows do. Celery keeps no step, so a killed task begins anew: what it asks for again is absorbed by
the key where the outside world remembers it (`asked_again`), and is a repeat where it does not (`repeated`).
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

from tests.bench.killing.stores import stop
from tests.redis_server import free_port, redis_server

ROOT = Path(__file__).resolve().parents[3]
VISIBILITY_S = 15
"""After so long Redis gives an unacknowledged task to another worker. The default is an hour."""
LIMIT_S = 240.0
STEPS = ("sent", "arrived", "finished", "filed", "closed")


def run(*, orders: int, kills: int) -> dict[str, Any]:
    """`lost`: orders with an effect missing. `repeated`: effects beyond one of each. Also `asked_again`, `seconds`."""
    with tempfile.TemporaryDirectory(prefix="lamplighter-celery-") as folder, redis_server(Path(folder)) as redis:
        town_port = free_port()
        environment = {
            **os.environ,
            "LAMPLIGHTER_HOME": folder,
            "PEER_REDIS": f"redis://127.0.0.1:{redis}/0",
            "PEER_TOWN": f"http://127.0.0.1:{town_port}",
            "TOWN_CREW_APP_TOKEN": "t",
            "TOWN_CREW_APP_SECRET": "s",
            "TOWN_EVENTS_URL": "http://127.0.0.1:9/none",
        }
        town = _start(["ops.demo_town.main", "--port", str(town_port)], environment, folder)
        try:
            _until_up(town_port)
            return _storm(environment, folder, f"http://127.0.0.1:{town_port}", orders=orders, kills=kills)
        finally:
            stop(town, signal.SIGKILL)


def _storm(environment: dict[str, str], folder: str, town: str, *, orders: int, kills: int) -> dict[str, Any]:
    began = time.monotonic()
    worker = _worker(environment, folder)
    send = "from tests.bench.killing.celery_tasks import dispatch\nimport sys\n"
    send += "[dispatch.delay(f'WO{n:012d}') for n in range(int(sys.argv[1]))]"
    subprocess.run([sys.executable, "-c", send, str(orders)], cwd=ROOT, env=environment, check=True)
    try:
        for _ in range(kills):
            time.sleep(4)
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
            worker = _worker(environment, folder)
        counted = _until_still(town, began)
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    wanted = {(f"WO{number:012d}", step) for number in range(orders) for step in STEPS}
    lost = {order for order, step in wanted if not counted[order, step]}
    repeated = sum(count - 1 for count in counted.values() if count > 1)
    again = httpx.get(f"{town}/ledger", timeout=30, trust_env=False).json()["asked_again"]
    return {
        "lost": len(lost),
        "repeated": repeated,
        "asked_again": again,
        "seconds": round(time.monotonic() - began, 1),
    }


def _until_still(town: str, began: float) -> Counter[tuple[str, str]]:
    """Wait until nothing has happened outside for longer than a redelivery takes."""
    seen, since = -1, time.monotonic()
    while time.monotonic() - began < LIMIT_S:
        effects = httpx.get(f"{town}/ledger", timeout=30, trust_env=False).json()["effects"]
        if len(effects) != seen:
            seen, since = len(effects), time.monotonic()
        if time.monotonic() - since > 4 * VISIBILITY_S:
            break
        time.sleep(1)
    return Counter((meaning.split()[1], meaning.split()[2]) for system, _, meaning in effects if system == "sms")


def _worker(environment: dict[str, str], folder: str) -> "subprocess.Popen[bytes]":
    arguments = [
        "celery",
        "-A",
        "tests.bench.killing.celery_tasks",
        "worker",
        "--concurrency",
        "2",
        "--loglevel",
        "error",
    ]
    return _start(arguments, environment, folder)


def _start(arguments: list[str], environment: dict[str, str], folder: str) -> "subprocess.Popen[bytes]":
    with (Path(folder) / "peer.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _until_up(port: int) -> None:
    for _ in range(300):
        try:
            httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False)
            return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise RuntimeError("the outside world did not start")


if __name__ == "__main__":
    print(json.dumps(run(orders=int(sys.argv[1]), kills=int(sys.argv[2]))))

"""Celery's side of the comparison: the flow of an order as tasks, timers and events, as it is usually built.

Everything goes out under a key that is the same at each try, and what must be the same each time is kept in Redis
first, as careful people do. `celery_peer` runs the workers, and hands in the crews' events.
"""

import os
import time
from datetime import UTC, datetime
from typing import Any

import httpx
from celery import Celery  # type: ignore[import-untyped]
from redis import Redis

from tests.bench.killing.processes import SILENT

VISIBILITY_S = 150
"""After so long Redis gives an unacknowledged task to another worker. Celery's documentation wants it longer than the
longest timer, here two minutes; the default is an hour.
"""
RETRIES: dict[str, Any] = {"autoretry_for": (httpx.HTTPError,), "retry_backoff": 1, "max_retries": 10}
TOKEN = "crew-token"

app: Any = Celery("peer", broker=os.environ["PEER_REDIS"])
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    broker_transport_options={"visibility_timeout": VISIBILITY_S},
)
facts: Any = Redis.from_url(os.environ["PEER_REDIS"], decode_responses=True)


@app.task(name="dispatch", **RETRIES)  # type: ignore[untyped-decorator]
def dispatch(order: str, crew: str, due: float | None) -> None:
    """`due`: when the crew must be hurried unless it has accepted (seconds since the epoch; None: it will)."""
    content = {"order": order, "crew": crew, "kind": "outage", "priority": 3, "address": "右江区", "phone": None}
    content |= {"description": SILENT if due else "停电", "remark": ""}
    _post("/crew-app/jobs", content, key=f"{order}:send_crew")
    _text(order, "sent")
    if due:
        escalate.apply_async((order, crew), eta=datetime.fromtimestamp(due, UTC))


@app.task(name="escalate", **RETRIES)  # type: ignore[untyped-decorator]
def escalate(order: str, crew: str) -> None:
    if not facts.hexists(order, "accepted"):
        _post(f"/crew-app/jobs/{order}/nudges", {"crew": crew, "reason": "urgent"}, key=f"{order}:alarm")


@app.task(name="event", **RETRIES)  # type: ignore[untyped-decorator]
def event(order: str, what: str) -> None:
    """The crew says how far it is."""
    facts.hsetnx(order, what, time.time())
    if what == "arrived":
        _text(order, "arrived")
    if what == "reported_back":
        _text(order, "finished")
        close.apply_async((order,), countdown=1)  # the customer says that the light is on


@app.task(name="close", **RETRIES)  # type: ignore[untyped-decorator]
def close(order: str) -> None:
    facts.hsetnx(order, "closed", datetime.now(UTC).isoformat())
    content = {"order": order, "kind": "outage", "opened": "2026-11-25", "closed": facts.hget(order, "closed")}
    _post("/marketing/service-orders", content, key=f"{order}:close")


def _text(order: str, what: str) -> None:
    _post("/sms", {"to": "13900000001", "text": f"{order} {what}"}, key=f"{order}:{what}")


def _post(path: str, content: dict[str, Any], *, key: str) -> None:
    headers = {"Idempotency-Key": key, "Authorization": f"Bearer {TOKEN}"}
    url = f"{os.environ['PEER_TOWN']}{path}"
    httpx.post(url, json=content, headers=headers, timeout=5, trust_env=False).raise_for_status()

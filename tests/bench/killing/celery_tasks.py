"""Celery's side of the comparison: five effects, one task; `celery_peer` runs its workers."""

import os
import time
from typing import Any

import httpx
from celery import Celery  # type: ignore[import-untyped]

from tests.bench.killing.celery_peer import STEPS, VISIBILITY_S

app: Any = Celery("peer", broker=os.environ["PEER_REDIS"])
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    broker_transport_options={"visibility_timeout": VISIBILITY_S},
)


@app.task(autoretry_for=(httpx.HTTPError,), retry_backoff=1, max_retries=10)  # type: ignore[untyped-decorator]
def dispatch(order: str) -> None:
    """An order's steps in a row, with the pause between them that a flow has too."""
    for step in STEPS:
        message = {"to": "13900000001", "text": f"{order} {step}"}
        headers = {"Idempotency-Key": f"{order}:{step}"}
        httpx.post(f"{os.environ['PEER_TOWN']}/sms", json=message, headers=headers, trust_env=False).raise_for_status()
        time.sleep(0.3)

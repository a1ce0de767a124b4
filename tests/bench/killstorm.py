"""1,000 orders, 50 SIGKILLs of the workers, 5 restarts of the database: is any order lost, any effect repeated?

    uv run python tests/bench/killstorm.py [--orders 1000] [--kills 50] [--restarts 5] [--only sqlite|postgres|celery]

The product's own processes run: workers (three), ticketing's API for the crews' signed events, and, apart from them, a
strict outside world that counts effects by what they mean and misbehaves (answers lost after the effect, refusals
before it). On SQLite a restart of the database is the death of all processes that have it open. Then the same steps as
a chain of Celery tasks on Redis, with late acknowledgement, as people build it.

One flat JSON line last. `lost`: orders not archived or with an effect missing. `repeated`: effects beyond one of each.
`deadline_error_s`: the latest (or earliest) escalation of a promise. `adopted_s`: the longest that a dead worker's
orders were nobody's. The exit code is 0 when the targets are met.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.bench.killing import celery_peer, stores, storm

TARGETS = {"lost": 0, "repeated": 0, "deadline_error_s": 2.0, "adopted_s": 10.0}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--restarts", type=int, default=5)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--limit", type=float, default=480, help="seconds for each store")
    parser.add_argument("--keep", action="store_true", help="leave the data and the logs where they are")
    parser.add_argument("--only", choices=["sqlite", "postgres", "celery"])
    asked = parser.parse_args()
    began, found, met = time.monotonic(), {"orders": asked.orders, "kills": asked.kills}, True
    for name, opened in (("sqlite", stores.sqlite), ("postgres", stores.postgres)):
        if asked.only in {None, name}:
            with opened() as store:
                figures = storm.run(
                    store,
                    count=asked.orders,
                    kills=asked.kills,
                    restarts=asked.restarts,
                    workers=asked.workers,
                    limit_s=asked.limit,
                    keep=asked.keep,
                )
            met &= all(getattr(figures, key) <= limit for key, limit in TARGETS.items())
            found |= shown(name, figures)
            print(json.dumps(shown(name, figures)), file=sys.stderr, flush=True)
    if asked.only in {None, "celery"}:
        found |= {f"celery_{key}": value for key, value in celery_peer.run(orders=100, kills=5).items()}
    print(json.dumps({**found, "seconds": round(time.monotonic() - began)}))
    return 0 if met else 1


def shown(name: str, figures: storm.Result) -> dict[str, Any]:
    keys = (
        "lost",
        "repeated",
        "deadline_error_s",
        "adopted_s",
        "escalations",
        "overtaken",
        "asked_again",
        "restarts",
        "stopped",
        "seconds",
    )
    return {f"{name}_{key}": round(getattr(figures, key), 2) for key in keys}


if __name__ == "__main__":
    sys.exit(main())

"""1,000 orders, 50 SIGKILLs of the workers, 5 restarts of the database: is any order lost, any effect repeated?

    uv run python tests/bench/killstorm.py [--store sqlite|postgres|celery] [--orders 1000] [--kills 50] [--restarts 5]

The product's own processes run: workers (three), ticketing's API for the crews' signed events, and, apart from them, a
strict outside world that counts effects by what they mean and misbehaves (answers lost after the effect, refusals
before it). Every fifth kill takes a worker's parent too. On SQLite a restart of the database is the death of all
processes that have it open. Then the same business as Celery tasks on Redis (100 orders, 5 kills), as people build it.
Without `--store` one after the other, each in a quarter of an hour or so on two cores.

One flat JSON line last. `lost`: orders not archived, with an effect missing, or whose deadline nobody escalated.
`repeated`: effects beyond one of each. `deadline_error_s`: how late (or early) the worst escalation could be read by
others; `deadline_up_s` without the time in which there was no database to write to (`away_s`: the longest restart); and
`alarm_s` how late its crew was hurried outside. `adopted_s`: the longest that an order of a dead worker was
not gone on with (`adopted_p95_s`: 95 of 100). The exit code is 0 when the targets are
met by each store that ran.
"""

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.bench.killing import celery_peer, stores, storm

TARGETS = {"lost": 0, "repeated": 0, "deadline_error_s": 2.0, "adopted_s": 10.0}
STORES = {"sqlite": stores.sqlite, "postgres": stores.postgres}


def main() -> int:
    asked = _parser().parse_args()
    plan = storm.Plan(asked.orders, asked.kills, asked.restarts, asked.workers, asked.open, asked.limit)
    began, found, met = time.monotonic(), dict[str, Any](), True
    for name, opened in STORES.items():
        if asked.store in {None, name}:
            with opened() as store:
                figures = {"orders": plan.orders} | asdict(storm.run(store, plan, keep=asked.keep))
            met &= all(figures[key] <= limit for key, limit in TARGETS.items())
            found |= _named(name, figures)
            print(json.dumps(_named(name, figures)), file=sys.stderr, flush=True)
    if asked.store in {None, "celery"}:
        found |= _named("celery", celery_peer.run(orders=min(asked.orders, 100), kills=min(asked.kills, 5)))
    print(json.dumps({**found, "seconds": round(time.monotonic() - began)}))
    return 0 if met else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", choices=[*STORES, "celery"], help="this one only")
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--restarts", type=int, default=5)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--open", type=int, default=80, help="orders at a time")
    parser.add_argument("--limit", type=float, default=1200, help="seconds for each store")
    parser.add_argument("--keep", action="store_true", help="leave the data and the logs where they are")
    return parser


def _named(name: str, figures: dict[str, Any]) -> dict[str, Any]:
    return {f"{name}_{key}": round(value, 2) for key, value in figures.items()}


if __name__ == "__main__":
    sys.exit(main())

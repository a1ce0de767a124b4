"""A typhoon drill: 10,000 reports in a minute at the running service, then 100 chats a second at the front door.

    uv run python tests/bench/storm.py [--reports 10000] [--chats 6000] [--picture docs/images/storm.svg]

starts a system of its own (`make run`'s own supervisor), adds a synthetic network of 2,000 transformers, and lets a
generator in a process of its own call `POST /api/outages/reports`: 60 faults, wrong addresses, people who call twice,
requests that are sent twice. On the way the workers are killed (SIGKILL). Afterwards ticketing's own tables are held
against the generator's truth. One flat JSON line last; the exit code is 0 when every figure is as it must be.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.bench import storm_chats, storm_judge, storm_picture, storm_town
from tests.bench.storm_town import Call, Fault, Transformer
from tests.stack import Stack, running
from ticketing.outages import network
from ticketing.outages.models import NetworkNode, OutageReport, ServedPlace
from ticketing.outbox.models import OutboxEntry

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60.0
WORKERS = ("outages", "flows")
"""Parts that work behind the service; those that run are killed twice."""
KILLS_AT = (20.0, 40.0)
BACKLOG_LIMIT_S = 600.0


def lay(engine: Engine, town: list[Transformer]) -> None:
    """Write the synthetic network beside the demo town's, as a GIS import would."""
    with Session(engine) as session, session.begin():
        codes: dict[str, NetworkNode] = {}
        for each in town:
            for code, kind, parent, homes in (
                (each.substation, "substation", None, None),
                (each.feeder, "feeder", each.substation, None),
                (each.code, "transformer", each.feeder, each.homes),
            ):
                codes.setdefault(code, NetworkNode(code=code, kind=kind, name=code, parent=parent, homes=homes))
        for kind in ("substation", "feeder", "transformer"):
            session.add_all(node for node in codes.values() if node.kind == kind)
            session.flush()
        for each in town:
            at = {"transformer": each.code, "city": storm_town.CITY, "district": each.district, "zone": "urban"}
            last = each.first + storm_town.STRETCH - 1
            session.add(ServedPlace(**at, road=each.road, first=each.first, last=last))
            session.add(ServedPlace(**at, landmark=each.estate))
        session.flush()
        network.changed(session)


def requests(calls: list[Call]) -> list[dict[str, Any]]:
    return [
        {
            "at": call.at,
            "path": "/api/outages/reports",
            "body": {
                "key": call.key,
                "conversation": call.conversation,
                "address": call.address,
                "scope": call.scope,
                "event_time": None,
                "contact_phone": call.phone,
                "description": "停电了",
            },
        }
        for call in calls
    ]


def send(folder: Path, url: str, token: str, listed: list[dict[str, Any]]) -> tuple[datetime, list[dict[str, Any]]]:
    """Let the generator send; when the first was due, and the answers in the order of sending."""
    (folder / "requests.json").write_text(json.dumps({"url": url, "token": token, "requests": listed}))
    began = datetime.now(UTC)
    subprocess.run([sys.executable, "-m", "tests.bench.storm_callers", str(folder)], cwd=ROOT, check=True)
    lines = (folder / "answers.jsonl").read_text().splitlines()
    return began, [json.loads(line) for line in lines]


def kill_workers(stack: Stack, killed: list[str]) -> threading.Thread:
    """Kill the workers that run, in the middle of everything."""

    def work() -> None:
        begin = time.monotonic()
        for at in KILLS_AT:
            time.sleep(max(0.0, begin + at - time.monotonic()))
            for part in WORKERS:
                if f"spawned: '{part}'" in (stack.home / "logs" / "supervisord.log").read_text():
                    stack.kill(part)
                    killed.append(part)
                    print(f"killed {part} after {at:.0f} s", flush=True)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def backlog_s(engine: Engine) -> float:
    """Seconds until every report is settled and, where flows are worked on, every flow has been started."""
    begin = time.monotonic()
    while time.monotonic() - begin < BACKLOG_LIMIT_S:
        with Session(engine) as session:
            open_reports = session.scalar(
                select(func.count()).select_from(OutageReport).where(OutageReport.settled_at.is_(None))
            )
            flow = (OutboxEntry.kind == "flow",)
            started = session.scalar(select(func.count()).where(*flow, OutboxEntry.done_at.is_not(None)))
            waiting = session.scalar(select(func.count()).where(*flow, OutboxEntry.done_at.is_(None)))
        if not open_reports and not (started and waiting):
            return time.monotonic() - begin
        time.sleep(0.5)
    return BACKLOG_LIMIT_S


def p95(values: list[float]) -> float:
    return round(statistics.quantiles(values, n=20)[18], 1)


def report_storm(stack: Stack, engine: Engine, *, total: int, seed: int) -> tuple[dict[str, Any], storm_picture.Storm]:
    chance = random.Random(seed)
    town = storm_town.town(chance)
    faults: list[Fault] = storm_town.faults(town, chance)
    calls = storm_town.calls(town, faults, total=total, seconds=SECONDS, seed=seed)
    lay(engine, town)
    killed: list[str] = []
    killing = kill_workers(stack, killed)
    with tempfile.TemporaryDirectory() as folder:
        token = stack.secrets["ACTIONS_TICKETING_TOKEN"]
        began, answers = send(Path(folder), stack.system.ticketing, token, requests(calls))
    killing.join()
    print(f"{len(answers)} answers; waiting for the backlog", flush=True)
    waited = backlog_s(engine)
    answered = {calls[each["number"]].key for each in answers if each["status"] == 200}
    outcomes = {each["number"]: each["answer"]["outcome"] for each in answers if each["status"] == 200}
    with Session(engine) as session:
        recorded = storm_judge.rows(session)
        at_five, one_by_one = storm_judge.placed(calls, faults, recorded, session)
        at_end, false = storm_judge.standing(faults, session)
        listed = storm_judge.outages(session)
        flows = storm_judge.flows(session)
        figures = {
            "reports": len(calls),
            "seconds": SECONDS,
            "killed": len(killed),
            "p95_ms": p95([each["ms"] for each in answers]),
            "max_ms": max(each["ms"] for each in answers),
            "sent_again": sum(each["tries"] - 1 for each in answers),
            "lost": storm_judge.lost(calls, answered, recorded, session),
            "faults": len(faults),
            "outages": len(listed),
            "flows": len(flows),
            "doubled": len(recorded) - len({row.key for row in recorded}) + len(flows) - len(set(flows)),
            "placed": round(at_five, 3),
            "placed_one_by_one": round(one_by_one, 3),
            "placed_in_the_end": round(at_end, 3),
            "false_outages": false,
            "repeat_answered": round(storm_judge.repeat_answered(calls, outcomes), 3),
            "orders": len(storm_judge.orders(session)),
            "backlog_s": round(waited, 1),
        }
        drawn = storm_picture.Storm(
            began=began,
            calls=[call.at for call in calls],
            known=[call.at for number, call in enumerate(calls) if outcomes.get(number) == "known"],
            outages=[(row.started - began).total_seconds() for row in listed],
            orders=[(row.created - began).total_seconds() for row in storm_judge.orders(session)],
            kills=[at + 1 for at in KILLS_AT],
        )
    return figures, drawn


def is_as_it_must_be(figures: dict[str, Any]) -> bool:
    return bool(
        figures["lost"] == 0
        and figures["doubled"] == 0
        and figures["p95_ms"] < 150
        and figures["placed"] >= 0.9
        and figures["repeat_answered"] >= 0.8
        and figures["flows"] <= figures["outages"]
        and figures["backlog_s"] < BACKLOG_LIMIT_S
        and figures.get("chat_lost", 0) == 0
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--chats", type=int, default=6_000, help="in 60 s, after the reports; 0: none")
    parser.add_argument("--parts", default="redis,ticketing,outages", help="what runs when no chats are wanted")
    parser.add_argument("--seed", type=int, default=95598)
    parser.add_argument("--picture", type=Path)
    chosen = parser.parse_args()
    parts = "" if chosen.chats else chosen.parts
    settings = {"TICKETING_DUTY_PHONES": "13900000001", "TICKETING_JOIN_REPORTS": "true", "LAMPLIGHTER_PARTS": parts}
    with tempfile.TemporaryDirectory() as home, running(Path(home), **settings) as stack:
        engine = create_engine(f"sqlite:///{stack.home / 'ticketing.db'}", connect_args={"timeout": 30})
        figures, drawn = report_storm(stack, engine, total=chosen.reports, seed=chosen.seed)
        print(json.dumps(figures), flush=True)
        if chosen.chats:
            figures |= storm_chats.storm(stack, engine, drawn, total=chosen.chats, seed=chosen.seed)
        engine.dispose()
    if chosen.picture:
        chosen.picture.write_text(storm_picture.draw(drawn), encoding="utf-8")
    print(json.dumps(figures))
    return 0 if is_as_it_must_be(figures) else 1


if __name__ == "__main__":
    sys.exit(main())

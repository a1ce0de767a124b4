"""A hundred chats a second at the front door, when Rasa can answer a few dozen: is anybody left without an answer?"""

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.bench import storm_town
from tests.bench.storm_picture import Storm
from tests.stack import Stack
from ticketing.conversations.models import Message
from ticketing.work_orders.models import WorkOrder

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60.0
HAZARDS = 0.02
RECORD_LIMIT_S = 600.0
"""The front door's spool brings the record to ticketing within this."""
DANGER = ("电线掉在地上了，路上有人", "配电箱起火了", "有人触电了快来人", "变压器冒烟了")
OTHERS = ("查上个月电费", "怎么交电费", "附近的营业厅在哪里", "你好", "转人工")


def chats(total: int, seed: int) -> list[dict[str, Any]]:
    """Most report an outage with an address, some ask other things, a few are in danger."""
    chance = random.Random(seed)
    town = storm_town.town(random.Random(seed))
    listed = []
    for number in range(total):
        each = chance.choice(town)
        drawn = chance.random()
        where = f"{each.district}{each.road}{each.first + chance.randrange(storm_town.STRETCH)}号"
        if drawn < HAZARDS:
            text, kind = f"{where}{chance.choice(DANGER)}", "hazard"
        elif drawn < 0.8:
            text, kind = (
                chance.choice((f"我家停电了，{where}", f"{where}没有电了", f"停电了，在{each.estate}")),
                "outage",
            )
        else:
            text, kind = chance.choice(OTHERS), "other"
        listed.append({"at": number * SECONDS / total, "kind": kind, "conversation": f"chat-{number}", "text": text})
    return listed


def storm(stack: Stack, engine: Engine, drawn: Storm, *, total: int, seed: int) -> dict[str, Any]:
    said = chats(total, seed)
    requests = [
        {
            "at": each["at"],
            "path": f"/channels/web/conversations/{each['conversation']}/messages",
            "body": {"id": "m-1", "text": each["text"]},
        }
        for each in said
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        told = {"url": stack.system.bot, "token": "", "requests": requests}
        (folder / "requests.json").write_text(json.dumps(told))
        subprocess.run([sys.executable, "-m", "tests.bench.storm_callers", name], cwd=ROOT, check=True)
        answers = [json.loads(line) for line in (folder / "answers.jsonl").read_text().splitlines()]
    replied = {each["number"] for each in answers if each["status"] == 200 and each["answer"]["replies"]}
    tracks = {n: [reply["talk_track"] for reply in answers[n]["answer"]["replies"]] for n in replied}
    unrecorded, waited = _until_recorded(engine, [each["conversation"] for each in said])
    hazards = [n for n, each in enumerate(said) if each["kind"] == "hazard"]
    by_storm = [n for n, each in enumerate(said) if n in replied and answers[n]["answer"]["replies"][0]["version"] == 0]
    drawn.chats = [each["at"] for each in said]
    drawn.by_storm = [said[n]["at"] for n in by_storm]
    apologised = sum("utter_engine_down" in each for each in tracks.values())
    with Session(engine) as session:
        found = select(func.count()).where(WorkOrder.kind == "hazard", WorkOrder.conversation.startswith("chat-"))
        hazard_orders = session.scalar(found) or 0
    return {
        "chats": len(said),
        "chat_lost": len(said) - len(replied) + unrecorded,
        "chat_p95_ms": _p95([each["ms"] for each in answers]),
        "hazards": len(hazards),
        "hazard_p95_ms": _p95([answers[n]["ms"] for n in hazards]),
        "hazard_safety_first": sum("utter_hazard_safety" in tracks.get(n, []) for n in hazards),
        "hazard_orders": hazard_orders,
        "without_rasa": len(by_storm),
        "apologised": apologised,
        "recorded_after_s": round(waited, 1),
    }


def _until_recorded(engine: Engine, conversations: list[str]) -> tuple[int, float]:
    """How many conversations are not on ticketing's record in the end, and how long it took to get the others there."""
    begin = time.monotonic()
    missing = len(conversations)
    while missing and time.monotonic() - begin < RECORD_LIMIT_S:
        with Session(engine) as session:
            query = select(func.count(Message.conversation.distinct())).where(
                Message.conversation.startswith("chat-"), Message.speaker == "customer"
            )
            missing = len(conversations) - (session.scalar(query) or 0)
        time.sleep(1.0)
    return missing, time.monotonic() - begin


def _p95(values: list[float]) -> float:
    return round(statistics.quantiles(values, n=20)[18], 1)

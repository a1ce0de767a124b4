"""Several front doors and Rasa workers under impatient customers, while processes are killed: is all in order?

    uv run python tests/bench/ordering.py [--kill each|bot|engine|none] [--conversations 50] [--messages 20]

starts a system of its own (`make run`'s own supervisor, a real Redis, two front doors, two Rasa workers) and lets 50
customers send 20 messages each without waiting; a tenth is sent twice under the same id. On the way the first front
door is killed (SIGKILL), then the first Rasa worker; the supervisor starts them again. Afterwards ticketing's record,
Rasa's tracker and the customer's page must hold each message and each answer once, in the order of sending. One flat
JSON line last; the exit code is 0 when nothing is lost, doubled or out of order.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.bench.agreement import Findings, compare
from tests.bench.impatient import Customer
from tests.stack import Stack, running

SCRIPT = (
    "你好",
    "我家停电了",
    "右江区中山二路8号",
    "就我一家",
    "不知道",
    "不用了",
    "电价是多少",
    "附近的营业厅在哪里",
    "怎么交电费",
    "查上个月电费",
    "不用了",
    "你是机器人吗",
    "谢谢",
    "我那个停电的单子处理得怎么样了",
    "手机没电了怎么办",
    "电价是多少",
    "我要投诉",
    "不用了",
    "谢谢",
    "再见",
)
KILLS = {"each": ["bot", "engine"], "bot": ["bot"], "engine": ["engine"], "none": []}
LIMIT_S = 900.0
SETTINGS = {"ENGINE_WORKERS": "2", "BOT_WORKERS": "2", "BOT_ENGINE_TIMEOUT_S": "40", "BOT_TURNS_AT_ONCE": "1000"}
"""Fifty turns at once wait in two workers, so Rasa gets longer than the 8 s of the product, and no turn is given to the
storm desk: this bench asks for order, `turns.py` for speed. A turn that is given up is answered with an apology, which
would count as lost here."""
SETTLE_S = 60.0
"""So long the last records may take to arrive (the spool of a front door that was killed)."""


def customers(stack: Stack, *, conversations: int, messages: int, chance: random.Random) -> list[Customer]:
    doors = [f"http://127.0.0.1:{stack.environment[name]}" for name in ("BOT_PORT", "BOT_PORT_2")]
    everybody = []
    for number in range(conversations):
        said = [(f"o{number}-m{place}", SCRIPT[place % len(SCRIPT)]) for place in range(messages)]
        again = chance.sample([id for id, _ in said], k=round(messages * 0.1))
        here, there = again[: len(again) // 2], again[len(again) // 2 :]
        order = doors if number % 2 == 0 else doors[::-1]
        everybody.append(Customer(f"ordering-{number}", order, said, set(here), set(there), insists=number % 4 < 2))
    return everybody


async def kill_on_the_way(stack: Stack, parts: list[str], everybody: list[Customer]) -> None:
    """Each part when its share of the answers has been given: with two parts at a quarter and at a half."""
    everything = sum(len(customer.said) for customer in everybody)
    for number, part in enumerate(parts, start=1):
        while sum(customer.answered for customer in everybody) < everything * number / (len(parts) + 2):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        stack.kill(part)
        print(f"killed {part} after {sum(customer.answered for customer in everybody)} answers", flush=True)


async def report(everybody: list[Customer]) -> None:
    while True:
        await asyncio.sleep(10)
        lines = sum(customer.lines for customer in everybody)
        print(f"{sum(customer.answered for customer in everybody)} answers, {lines} lines", flush=True)


async def talk(stack: Stack, everybody: list[Customer], parts: list[str]) -> None:
    reporting = asyncio.create_task(report(everybody))
    async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as group:
        group.create_task(kill_on_the_way(stack, parts, everybody))
        for customer in everybody:
            group.create_task(customer.talk())
    reporting.cancel()


def tracker_of(stack: Stack, conversation: str) -> list[dict[str, Any]]:
    """Rasa's memory by its own API, from a worker that is up; workers share it."""
    secrets = dict(line.split("=", 1) for line in (stack.home / "secrets.env").read_text().splitlines())
    params = {"token": secrets["ENGINE_TOKEN"], "include_events": "ALL"}
    for setting in ("ENGINE_PORT", "ENGINE_PORT_2"):
        url = f"http://127.0.0.1:{stack.environment[setting]}/conversations/{conversation}/tracker"
        try:
            answer = httpx.get(url, params=params, timeout=30)
        except httpx.ConnectError:
            continue
        events: list[dict[str, Any]] = answer.raise_for_status().json()["events"]
        return events
    raise RuntimeError("no Rasa worker is up")


def check(stack: Stack, customer: Customer) -> Findings:
    return compare(
        [id for id, _ in customer.said],
        stack.system.conversation(customer.conversation)["messages"],
        tracker_of(stack, customer.conversation),
        customer.page,
        customer.second_answers,
        [order["kind"] for order in stack.system.work_orders(customer.conversation)],
    )


def check_all(stack: Stack, everybody: list[Customer]) -> Findings:
    found = Findings()
    deadline = time.monotonic() + SETTLE_S
    for customer in everybody:
        one = check(stack, customer)
        while one.lost and time.monotonic() < deadline:
            time.sleep(1)
            one = check(stack, customer)
        found += one
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kill", choices=sorted(KILLS), default="each")
    parser.add_argument("--conversations", type=int, default=50)
    parser.add_argument("--messages", type=int, default=20)
    parser.add_argument("--seed", type=int, default=95598)
    chosen = parser.parse_args()
    parts, chance = KILLS[chosen.kill], random.Random(chosen.seed)
    with (
        tempfile.TemporaryDirectory() as home,
        running(Path(home), **SETTINGS) as stack,
    ):
        everybody = customers(stack, conversations=chosen.conversations, messages=chosen.messages, chance=chance)
        print(f"{len(everybody)} customers begin", flush=True)
        started = time.monotonic()
        asyncio.run(talk(stack, everybody, parts))
        seconds = time.monotonic() - started
        found = check_all(stack, everybody)
    for what in (*found.lost, *found.doubled, *found.out_of_order, *found.apologised, *found.called_back)[:40]:
        print(what, flush=True)
    figures = {
        "conversations": chosen.conversations,
        "messages": sum(len(customer.said) for customer in everybody),
        "retried": sum(len(customer.again_here) + len(customer.again_there) for customer in everybody),
        "killed": "+".join(parts) or "none",
        "reconnected": sum(customer.lines - 1 for customer in everybody),
        "refused": sum(customer.errors for customer in everybody),
        "apologised": len(found.apologised),
        "called_back": len(found.called_back),
        "lost": len(found.lost),
        "doubled": len(found.doubled),
        "out_of_order": len(found.out_of_order),
        "seconds": round(seconds, 1),
    }
    print(json.dumps(figures, ensure_ascii=False))
    return 0 if not (found.lost or found.doubled or found.out_of_order) else 1


if __name__ == "__main__":
    sys.exit(main())

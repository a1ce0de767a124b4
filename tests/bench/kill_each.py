"""Kill each part in turn (SIGKILL) in the middle of a conversation: what was seen, what was lost, how long it took.

    uv run python tests/bench/kill_each.py

starts a system of its own. For each part: a customer reports an outage, the part is killed, the customer goes on as
the chat page does (a message without an answer is sent again with the same id). Afterwards every message and every
sentence must be in the record exactly once, and the wish must have led to one outage order, to a call-back, or to a
place in the queue for a person. One flat JSON line last.
"""

import json
import socket
import sys
import tempfile
import time
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.stack import Stack, running

PARTS = ["redis", "engine", "ticketing", "actions", "bot", "voice"]
SAID = ["我家停电了", "右江区中山二路8号", "就我一家", "不知道", "不用了"]
PATIENCE_S = 120.0
NOTICED_S = 1.5
"""Health answers are up to a second old."""


class Customer:
    """One who keeps trying: the same message id until there is an answer, as the chat page does."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.conversation = f"kill-{uuid.uuid4().hex[:8]}"
        self.sent: list[str] = []
        self.heard: list[dict[str, Any]] = []
        self.retries = 0
        self.longest_s = 0.0

    def say(self, text: str) -> dict[str, Any]:
        message, started = uuid.uuid4().hex, time.monotonic()
        self.sent.append(text)
        while time.monotonic() - started < PATIENCE_S:
            try:
                path = f"/channels/web/conversations/{self.conversation}/messages"
                answer = httpx.post(self.stack.system.bot + path, json={"text": text, "id": message}, timeout=30)
                if answer.status_code == 200:
                    break
            except httpx.HTTPError:
                pass
            self.retries += 1
            time.sleep(0.5)
        else:
            raise RuntimeError(f"no answer to “{text}” in {PATIENCE_S:.0f} s")
        self.longest_s = max(self.longest_s, time.monotonic() - started)
        received: dict[str, Any] = answer.json()
        self.heard += received["replies"]
        return received


def whole(stack: Stack) -> bool:
    """Every part that speaks HTTP is healthy, and the phone line connects."""
    try:
        parts = [f"http://127.0.0.1:{stack.environment[port]}" for port in ("ENGINE_PORT", "ACTIONS_PORT")]
        doors = (f"{stack.system.bot}/health", f"{stack.system.ticketing}/health", f"{parts[0]}/", f"{parts[1]}/health")
        if any(httpx.get(door, timeout=3).status_code != 200 for door in doors):
            return False
        with socket.create_connection(("127.0.0.1", stack.system.voice_port), timeout=2):
            return True
    except (OSError, httpx.HTTPError):
        return False


def until_whole(stack: Stack) -> float:
    started = time.monotonic()
    while not whole(stack):
        if time.monotonic() - started > PATIENCE_S:
            raise RuntimeError("the system did not become whole again")
        time.sleep(0.1)
    return time.monotonic() - started


def compare(customer: Customer) -> tuple[int, int, list[str]]:
    """(lost, doubled, where the wish led): what was said and heard against the record, once it has caught up."""
    deadline = time.monotonic() + 30
    while True:
        conversation = customer.stack.system.conversation(customer.conversation)
        record = conversation["messages"]
        said = Counter(line["text"] for line in record if line["speaker"] == "customer")
        spoken = Counter(line["text"] for line in record if line["speaker"] == "bot")
        missing = Counter(customer.sent) - said
        missing += Counter(reply["text"] for reply in customer.heard) - spoken
        orders = [order["kind"] for order in customer.stack.system.work_orders(customer.conversation)]
        led_to = orders + ["queue"] * (conversation["control"] in {"waiting", "agent"})
        if (not missing and led_to) or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    lost = missing.total() + (not led_to)
    doubled = (said - Counter(customer.sent)).total() + sum(count - 1 for count in Counter(orders).values())
    return lost, doubled, led_to


def trial(stack: Stack, part: str) -> dict[str, Any]:
    customer = Customer(stack)
    customer.say(SAID[0])
    stack.kill(part)
    killed = time.monotonic()
    for text in SAID[1:]:
        customer.say(text)
    time.sleep(NOTICED_S)
    until_whole(stack)
    seconds = time.monotonic() - killed
    lost, doubled, led_to = compare(customer)
    tracks = [f"{reply['talk_track']}@{reply['version']}" for reply in customer.heard]
    print(f"{part}: heard {tracks}; led to {led_to}; {customer.retries} retries", flush=True)
    return {
        f"{part}_lost": lost,
        f"{part}_doubled": doubled,
        f"{part}_whole_s": round(seconds, 1),
        f"{part}_longest_wait_s": round(customer.longest_s, 1),
        f"{part}_led_to": "+".join(led_to),
    }


def main() -> int:
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as home, running(Path(home)) as stack:
        for part in PARTS:
            figures |= trial(stack, part)
    figures["lost"] = sum(value for name, value in figures.items() if name.endswith("_lost"))
    figures["doubled"] = sum(value for name, value in figures.items() if name.endswith("_doubled"))
    print(json.dumps(figures, ensure_ascii=False))
    return 0 if not figures["lost"] and not figures["doubled"] else 1


if __name__ == "__main__":
    sys.exit(main())

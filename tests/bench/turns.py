"""How fast is a turn, and does it grow with the conversation? Ours whole, against stock Rasa 3.6.21's turn alone.

    uv run python tests/bench/turns.py

starts a system of its own and, for its peer, `rasa run` with the same model, actions and policies. Ours is measured
through the front door's web channel: received, recorded in ticketing, understood, acted on, rendered, recorded, kept.
Stock is measured at its own REST channel and records nothing but its tracker. Both play the conversation of
`conversation.py` to turn 200 with one and with eight clients. Afterwards every turn must be in the record and in the
tracker, and turn 200 must have used what turn 1 said. One flat JSON line last.
"""

import http.client
import json
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from ops import secrets
from tests.bench.conversation import TURNS, remembers, said
from tests.bench.stock_rasa import stock_rasa
from tests.stack import Stack, free_ports, running

ROOT = Path(__file__).resolve().parents[2]
ENDS = 10
"""Growth compares the medians of the first and the last so many turns."""
CROWD = 8
OURS_ALONE = 2
"""Conversations of the single client, one after another: 400 turns for the 95th percentile. Stock plays one."""
TELL_EVERY_S = 10.0
UNLIMITED = "1000000"
"""The front door still counts each message; only its limit against abuse (120 a minute) is lifted for the bench."""


class Door:
    """One client's kept-alive connection to a server."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        headers = {"Content-Type": "application/json"}
        self._connection.request("POST", path, json.dumps(body), headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {content[:300]!r}")
        return json.loads(content)


def say_to_ours(door: Door, conversation: str, turn: int) -> str:
    path = f"/channels/web/conversations/{conversation}/messages"
    answer = door.post(path, {"text": said(turn), "id": f"t-{turn}"})
    return "".join(reply["text"] for reply in answer["replies"])


def say_to_stock(door: Door, conversation: str, turn: int) -> str:
    metadata = {"channel": "web", "kind": "text", "today": datetime.now(UTC).date().isoformat()}
    body = {"sender": conversation, "message": said(turn), "metadata": {**metadata, "message_id": f"t-{turn}"}}
    return "".join(reply.get("text", "") for reply in door.post("/webhooks/rest/webhook", body))


@dataclass
class Played:
    """Seconds of each turn, by conversation, and the seconds that all took together."""

    turns: dict[str, list[float]] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        return sum(len(times) for times in self.turns.values()) / self.seconds

    @property
    def p95_ms(self) -> float:
        return statistics.quantiles([s for times in self.turns.values() for s in times], n=100)[94] * 1000

    @property
    def growth(self) -> float:
        first = [s for times in self.turns.values() for s in times[:ENDS]]
        last = [s for times in self.turns.values() for s in times[-ENDS:]]
        return statistics.median(last) / statistics.median(first)


type Say = Callable[[Door, str, int], str]


class Play:
    """Conversations played to their end by some clients at a time, each as fast as it is answered."""

    def __init__(self, name: str, url: str, say: Say, conversations: list[str]) -> None:
        self.name, self.url, self.say = name, url, say
        self.waiting = list(conversations)
        self.total = TURNS * len(conversations)
        self.played = Played()
        self.failure: Exception | None = None

    def run(self, *, clients: int) -> Played:
        """Raises when a turn fails or turn 1 is forgotten."""
        began = time.perf_counter()
        threads = [threading.Thread(target=self._client, daemon=True) for _ in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(timeout=TELL_EVERY_S)
                done = sum(len(times) for times in self.played.turns.values())
                tell(f"{self.name}, {clients} client(s): {done} of {self.total} turns")
        self.played.seconds = time.perf_counter() - began
        if self.failure is not None:
            raise self.failure
        return self.played

    def _client(self) -> None:
        door = Door(self.url)
        while self.waiting and self.failure is None:
            try:
                self._converse(door, self.waiting.pop())
            except Exception as error:  # told by `run`: a thread's own traceback would be lost in the progress lines
                self.failure = error

    def _converse(self, door: Door, conversation: str) -> None:
        times = self.played.turns[conversation] = []
        answer = ""
        for turn in range(1, TURNS + 1):
            began = time.perf_counter()
            answer = self.say(door, conversation, turn)
            times.append(time.perf_counter() - began)
            if not answer:
                raise RuntimeError(f"{self.name}: nothing was said at turn {turn} ({said(turn)})")
        if not remembers(answer):
            raise RuntimeError(f"{self.name}: turn {TURNS} forgot turn 1: {answer}")


def tell(words: str) -> None:
    print(f"turns: {words}", flush=True)


def new(number: int) -> list[str]:
    return [f"turns-{uuid.uuid4().hex[:10]}" for _ in range(number)]


def check_tracker(url: str, conversations: list[str], *, token: str | None = None) -> None:
    """Every turn is in Rasa's own memory: nothing was cut short to be quick. Raises RuntimeError."""
    for conversation in conversations:
        asked = {"include_events": "ALL", **({"token": token} if token else {})}
        tracker = httpx.get(f"{url}/conversations/{conversation}/tracker", params=asked, timeout=60).json()
        heard = [event["text"] for event in tracker["events"] if event["event"] == "user"]
        if heard != [said(turn) for turn in range(1, TURNS + 1)]:
            raise RuntimeError(f"the tracker of {conversation} has {len(heard)} of {TURNS} messages")


def check_record(stack: Stack, conversations: list[str]) -> None:
    """Every turn, and an answer to it, is in ticketing's record. Raises RuntimeError."""
    for conversation in conversations:
        record = stack.system.conversation(conversation)["messages"]
        heard = [line["text"] for line in record if line["speaker"] == "customer"]
        answered = {line["turn"] for line in record if line["speaker"] == "bot"}
        if heard != [said(turn) for turn in range(1, TURNS + 1)] or len(answered) != TURNS:
            raise RuntimeError(f"the record of {conversation}: {len(heard)} heard, {len(answered)} answered")


def introduce(stack: Stack, kept: dict[str, str], conversations: list[str]) -> list[str]:
    """Open stock's conversations in ticketing, as no front door does it for them: its actions ask about them."""
    headers = {"Authorization": f"Bearer {kept['BOT_TICKETING_TOKEN']}"}
    for conversation in conversations:
        body: dict[str, Any] = {
            "id": "t-0",
            "channel": "web",
            "kind": "text",
            "text": said(1),
            "at": datetime.now(UTC).isoformat(),
        }
        path = f"{stack.system.ticketing}/api/conversations/{conversation}/messages"
        body |= {"reply_to": f"web:{conversation}", "caller": None, "confidence": None}
        httpx.post(path, json=body, headers=headers, timeout=10).raise_for_status()
    return conversations


def measure_ours(stack: Stack, kept: dict[str, str]) -> tuple[Played, Played]:
    """One client, then eight; each after a conversation that warms up what is lazy."""
    one, crowd = new(OURS_ALONE), new(CROWD)
    say_to_ours(Door(stack.system.bot), new(1)[0], 1)
    alone = Play("ours", stack.system.bot, say_to_ours, one).run(clients=1)
    together = Play("ours", stack.system.bot, say_to_ours, crowd).run(clients=CROWD)
    check_record(stack, one + crowd)
    engine = f"http://127.0.0.1:{stack.environment['ENGINE_PORT']}"
    check_tracker(engine, one + crowd, token=kept["ENGINE_TOKEN"])
    return alone, together


def measure_stock(stack: Stack, kept: dict[str, str], home: Path) -> tuple[Played, Played]:
    model = max((ROOT / "models").glob("*.tar.gz"), key=lambda file: file.stat().st_mtime)
    actions = f"http://127.0.0.1:{stack.environment['ACTIONS_PORT']}"
    port = int(free_ports({})["ENGINE_PORT"])
    token = kept["ENGINE_ACTIONS_TOKEN"]
    with stock_rasa(home / "stock", model=model, port=port, actions=actions, actions_token=token) as url:
        warm, one, crowd = (introduce(stack, kept, new(number)) for number in (1, 1, CROWD))
        say_to_stock(Door(url), warm[0], 1)
        alone = Play("stock", url, say_to_stock, one).run(clients=1)
        together = Play("stock", url, say_to_stock, crowd).run(clients=CROWD)
        check_tracker(url, one + crowd)
    return alone, together


def report(ours: tuple[Played, Played], stock: tuple[Played, Played]) -> dict[str, float]:
    """The figures of the last line: each side has one Rasa worker, so messages a second are per worker."""
    figures = {"throughput_ratio": round(ours[1].per_second / stock[1].per_second, 2)}
    for prefix, (alone, together) in (("", ours), ("stock_", stock)):
        figures |= {
            f"{prefix}p95_ms": round(alone.p95_ms, 1),
            f"{prefix}growth": round(alone.growth, 2),
            f"{prefix}throughput": round(together.per_second, 1),
            f"{prefix}throughput_one_client": round(alone.per_second, 1),
        }
    return figures


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        tell("starting a system of our own")
        with running(home / "ours", BOT_MESSAGES_PER_MINUTE=UNLIMITED) as stack:
            kept = secrets.ensure(stack.home)
            ours = measure_ours(stack, kept)
            tell("starting stock Rasa")
            stock = measure_stock(stack, kept, home)
    print(json.dumps(report(ours, stock)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Plays both customers of each pair at the web door, one right after the other, several pairs at once."""

import http.client
import json
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.bench.fairness_of.pairs import Pair, Side
from tests.bench.fairness_of.seeing import Turn, turn_of
from tests.bench.fairness_of.services import Desk
from tests.journeys.system import System

AT_ONCE = 6
TELL_EVERY_S = 15.0
PATIENCE_S, TRIES = 60, 3
AHEAD = 2
"""So many wait already when one of the queue's pairs asks for a person."""
AGENT = "韦晓岚"


@dataclass(frozen=True)
class Played:
    """What one side heard, and the conversation's name, by which its orders are found."""

    conversation: str
    turns: tuple[Turn, ...]
    place: int | None = None
    """In the queue, after another customer has come."""


@dataclass
class Play:
    """All pairs through one system; `results` by the number of the pair, plain side first.

    `heard` is called with each pair when both sides are through, so that what differs is told at once.
    """

    system: System
    heard: Callable[[Pair, Played, Played], None]
    results: dict[int, tuple[Played, Played]] = field(default_factory=dict)
    turns: int = 0
    _count: threading.Lock = field(default_factory=threading.Lock)

    def run(self, pairs: Sequence[Pair]) -> None:
        """First what needs an empty desk, then the rest, the queue's own one at a time. Raises what a turn raised."""
        self.system.put_agents_on_duty(False)
        self._at_once([pair for pair in pairs if pair.service.desk is Desk.OFF], [])
        self.system.put_agents_on_duty(True)
        for number in range(AHEAD):
            self._say(Door(self.system.bot), f"ahead-{number}-{uuid.uuid4().hex[:8]}", "转人工")
        queued = [pair for pair in pairs if pair.service.desk is Desk.QUEUE]
        self._at_once([pair for pair in pairs if pair.service.desk is Desk.ANY], queued)

    def _at_once(self, pairs: Sequence[Pair], queued: Sequence[Pair]) -> None:
        waiting, lock = iter(pairs), threading.Lock()
        with ThreadPoolExecutor(AT_ONCE + 1) as pool:
            lanes = [pool.submit(self._lane, _shared(waiting, lock)) for _ in range(AT_ONCE)]
            lanes.append(pool.submit(self._lane, iter(queued)))
            self._until_done(lanes, len(pairs) + len(queued))

    def _until_done(self, lanes: Sequence["Future[None]"], total: int) -> None:
        before, running = len(self.results), set(lanes)
        while running:
            done, running = wait(running, timeout=TELL_EVERY_S, return_when=FIRST_COMPLETED)
            for lane in done:
                lane.result()
            print(f"fairness: {len(self.results) - before} of {total} pairs, {self.turns} turns", flush=True)

    def _lane(self, pairs: Iterator[Pair]) -> None:
        with closing(Door(self.system.bot)) as door:
            for pair in pairs:
                swapped = pair.number % 2  # who comes first must not matter, so both do
                first, second = (self._side(door, pair, side) for side in _in_turn(pair.sides, swapped))
                self.results[pair.number] = (second, first) if swapped else (first, second)
                self.heard(pair, *self.results[pair.number])

    def _side(self, door: "Door", pair: Pair, side: Side) -> Played:
        conversation = f"fair-{uuid.uuid4().hex[:16]}"
        turns = tuple(turn_of(self._say(door, conversation, words), side) for words in side.turns)
        queued = pair.service.desk is Desk.QUEUE and turns[-1].control == "waiting"
        return Played(conversation, turns, self._place(door, conversation) if queued else None)

    def _place(self, door: "Door", conversation: str) -> int | None:
        """Where the customer stands once another has come; both are served then: the next finds the same queue."""
        later = f"later-{uuid.uuid4().hex[:16]}"
        self._say(door, later, "转人工")
        waiting = self.system.desk.get("/api/desk/queue").raise_for_status().json()["waiting"]
        for each in (conversation, later):
            for step in ("take", "wrap-up", "close"):
                path = f"/api/conversations/{each}/{step}"
                self.system.desk.post(path, json={"agent": AGENT}).raise_for_status()
        return next((each["position"] for each in waiting if each["conversation"] == conversation), None)

    def _say(self, door: "Door", conversation: str, words: str) -> dict[str, Any]:
        with self._count:
            self.turns += 1
        return door.post(
            f"/channels/web/conversations/{conversation}/messages", {"id": uuid.uuid4().hex, "text": words}
        )


class Door:
    """One client's kept-alive connection to the front door."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE_S)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer to a message; a line that has gone is opened again: the same id gets the same answer."""
        for tries_left in reversed(range(TRIES)):
            try:
                self._connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
                answer = self._connection.getresponse()
                content = answer.read()
                break
            except (OSError, http.client.HTTPException):
                self._connection.close()
                if not tries_left:
                    raise
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {content[:300]!r}")
        received: dict[str, Any] = json.loads(content)
        return received

    def close(self) -> None:
        self._connection.close()


def _in_turn(sides: tuple[Side, Side], swapped: int) -> tuple[Side, Side]:
    return (sides[1], sides[0]) if swapped else sides


def _shared(pairs: Iterator[Pair], lock: threading.Lock) -> Iterator[Pair]:
    """The same pairs for several threads, each once."""
    while True:
        with lock:
            pair = next(pairs, None)
        if pair is None:
            return
        yield pair

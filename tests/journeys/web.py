"""The web door: a journey that is typed."""

import uuid
from collections.abc import Iterator
from typing import Any

import httpx

from tests.journeys.placeholders import filled
from tests.journeys.script import Journey, Turn
from tests.journeys.system import PATIENCE_S, System
from tests.journeys.verdict import Outcome


class WebDoor:
    def __init__(self, system: System, journey: Journey) -> None:
        self.system = system
        self.conversation = f"journey-{uuid.uuid4().hex[:12]}"
        self.journey = journey
        self._client = httpx.Client(base_url=system.bot, timeout=PATIENCE_S)

    def outcomes(self) -> Iterator[tuple[Turn, str, Outcome]]:
        """Type each turn and tell what it led to. Raises ValueError for an act that this door has not."""
        with self._client:
            for turn in self.journey.turns:
                if turn.say is None:
                    raise ValueError("on the web a customer can only `say`")
                words = filled(turn.say, self.system, self.conversation)
                yield turn, words, self._act(turn, words)

    def _act(self, turn: Turn, words: str) -> Outcome:
        body = {"text": words, "id": turn.id or uuid.uuid4().hex}
        answer = self._send(body)
        if turn.repeat and (again := self._send(body)) != answer:
            raise ValueError(f"the repeated message was answered differently: {again}")
        orders = self.system.work_orders(self.conversation)
        return Outcome(answer["replies"], answer["control"], orders)

    def _send(self, body: dict[str, str]) -> dict[str, Any]:
        path = f"/channels/web/conversations/{self.conversation}/messages"
        answer = self._client.post(path, json=body)
        if answer.status_code != 200:
            raise ValueError(f"HTTP {answer.status_code}: {answer.text[:300]}")
        received: dict[str, Any] = answer.json()
        return received

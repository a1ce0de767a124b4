"""The telephone: a journey that is spoken or keyed, played as one call and judged from ticketing's record."""

import asyncio
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from tests.journeys.script import Journey, Turn
from tests.journeys.system import System
from tests.journeys.verdict import Outcome
from voice.audio import Samples, read_wav, silence
from voice.lines.wav import Overheard, WavCaller

CALLERS = Path(__file__).resolve().parents[1] / "fixtures" / "callers"


class CallDoor:
    def __init__(self, system: System, journey: Journey) -> None:
        self.system = system
        self.journey = journey
        self.call = uuid.uuid4()
        self.conversation = f"call-{self.call}"

    def outcomes(self) -> Iterator[tuple[Turn, str, Outcome]]:
        """Play the whole call, then tell what each turn led to. Orders and control are those after the call."""
        self._announce()
        acts = [turn for turn in self.journey.turns if not turn.answer]
        caller = WavCaller(self.call, [utterance(turn) for turn in acts])
        overheard = asyncio.run(caller.call("127.0.0.1", self.system.voice_port))
        record = self.system.conversation(self.conversation)
        orders = self.system.work_orders(self.conversation)
        parts = answers(record["messages"])
        first = 0 if any(turn.answer for turn in self.journey.turns) else 1
        for number, turn in enumerate(self.journey.turns, start=first):
            if number >= len(parts):
                raise ValueError(f"the call ended before this turn was heard; {_heard(record, overheard)}")
            hung_up = overheard.ended_by == "bot" and number == len(parts) - 1
            yield (
                turn,
                turn.speak or turn.keys or "",
                Outcome(parts[number], record["control"], orders, hung_up=hung_up),
            )

    def _announce(self) -> None:
        """What the dialplan does first: tell who calls."""
        secrets = dict(
            line.split("=", 1) for line in (self.system.home / "secrets.env").read_text().splitlines() if "=" in line
        )
        httpx.put(
            f"{self.system.bot}/channels/phone/calls/{self.call}",
            json={"caller": self.journey.caller, "called": "95598"},
            headers={"Authorization": f"Bearer {secrets['BOT_DIALPLAN_TOKEN']}"},
            timeout=10,
        ).raise_for_status()


def utterance(turn: Turn) -> Samples | str:
    """What the caller sends for `turn`: sound, or keys. Raises ValueError for what cannot be done on the telephone."""
    if turn.keys:
        return turn.keys
    if turn.silence:
        return silence(int(turn.silence * 1000))
    if turn.speak:
        return read_wav(CALLERS / turn.speak)
    raise ValueError("on the telephone a customer can only speak, key or be silent")


def answers(messages: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The bot's sentences by the turn they answer; first those before the caller said anything."""
    parts: list[list[dict[str, Any]]] = [[]]
    for number, message in enumerate(messages):
        answered = number == 0 and message["kind"] == "silence"  # the call itself, before anybody spoke
        if message["speaker"] == "customer" and not answered:
            parts.append([])
        elif message["speaker"] == "bot":
            parts[-1].append(message)
    return parts


def _heard(record: dict[str, Any], overheard: Overheard) -> str:
    said = [f"{message['speaker']}: {message['text']}" for message in record["messages"]]
    return f"the record: {said}; ended by {overheard.ended_by}"

"""An impatient customer: says everything without waiting, over one WebSocket, and does not put up with a dead line.

As the chat page does: when the line breaks it connects again (here to the other front door), asks for the events after
the last one it saw, and sends again, under the same ids and in order, what was not taken; one who insists also what was
taken and has no answer yet. Beside that some messages are sent twice for no reason: half of them right behind the first
on the same line, half to the other front door.
"""

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

RECONNECT_S = 0.2
LAST_LOOK_S = 1.0
"""The line stays open so long after the last answer: what is said twice would still come."""


def is_news(event: dict[str, Any]) -> bool:
    """Words that ticketing sends of itself (a crew is on its way): they answer no message."""
    return str(event["id"]).startswith("out-")


@dataclass
class Customer:
    conversation: str
    doors: list[str]
    """Where the front doors are, the preferred one first."""
    said: list[tuple[str, str]]
    """(id, text) in order."""
    again_here: set[str]
    again_there: set[str]
    """Ids that are sent twice: on the same line, to the other front door."""
    insists: bool = False
    page: list[dict[str, Any]] = field(default_factory=list)
    """The numbered events as they came, whatever line they came on."""
    second_answers: dict[str, list[str]] = field(default_factory=dict)
    """Message id → ids of the replies that the repeat to the other front door got."""
    lines: int = 0
    errors: int = 0
    _repeats: list[asyncio.Task[None]] = field(default_factory=list)

    async def talk(self) -> None:
        """Until every message has its answer, and every repeat too."""
        while not self.is_content:
            door = self.doors[self.lines % len(self.doors)]
            self.lines += 1
            with contextlib.suppress(OSError, WebSocketException, TimeoutError):
                after = self.page[-1]["event"] if self.page else 0
                url = (
                    f"{door.replace('http', 'ws')}/channels/web/conversations/{self.conversation}/events?after={after}"
                )
                async with connect(url, open_timeout=5, proxy=None) as line:
                    await self._send(line)
                    await self._hear(line)
            await asyncio.sleep(0 if self.is_content else RECONNECT_S)
        await asyncio.gather(*self._repeats)

    @property
    def is_content(self) -> bool:
        return not self.unanswered

    @property
    def unanswered(self) -> list[tuple[str, str]]:
        """Answers come in order: of what was taken only the last can be without one."""
        taken = {event["id"] for event in self.page if event["type"] == "customer"}
        turns = [event for event in self.page if not is_news(event)]
        waiting = turns[-1]["id"] if turns and turns[-1]["type"] == "customer" else None
        return [(id, text) for id, text in self.said if id not in taken or id == waiting]

    @property
    def answered(self) -> int:
        return len(self.said) - len(self.unanswered)

    async def _send(self, line: ClientConnection) -> None:
        taken = {event["id"] for event in self.page if event["type"] == "customer"}
        for id, text in self.unanswered:
            if id in taken and not self.insists:
                continue
            words = json.dumps({"type": "message", "id": id, "text": text})
            await line.send(words)
            if id in self.again_here:
                await line.send(words)

    async def _hear(self, line: ClientConnection) -> None:
        while not self.is_content:
            self._take(json.loads(await line.recv()))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_LOOK_S):
                while True:
                    self._take(json.loads(await line.recv()))

    def _take(self, event: dict[str, Any]) -> None:
        if event["type"] == "error":
            self.errors += 1
            raise TimeoutError("a message was not taken: send again what has no answer")
        if "event" not in event:
            return  # typing, control
        self.page.append(event)
        if event["type"] == "customer" and event["id"] in self.again_there:
            self._repeats.append(asyncio.create_task(self._say_there(event["id"], event["text"])))

    async def _say_there(self, id: str, text: str) -> None:
        """Send a message that was taken to the other front door as well, until that answers."""
        path = f"/channels/web/conversations/{self.conversation}/messages"
        here = (self.lines - 1) % len(self.doors)
        async with httpx.AsyncClient(timeout=120, trust_env=False) as client:
            for attempt in range(1, 1000):
                with contextlib.suppress(httpx.HTTPError):
                    door = self.doors[(here + attempt) % len(self.doors)]
                    answer = await client.post(door + path, json={"id": id, "text": text})
                    if answer.status_code == 200:
                        self.second_answers[id] = [reply["id"] for reply in answer.json()["replies"]]
                        return
                await asyncio.sleep(RECONNECT_S)

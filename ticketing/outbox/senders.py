"""How each kind leaves the house: words to the front door, text messages to an operator or, in the demo, to a file."""

import asyncio
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import httpx

from ticketing.outbox.retry import is_for_good

TIMEOUT_S = 5.0
"""For the whole sending, whatever phase is slow."""


class NotSent(Exception):
    """The sending failed; `for_good`: another try would fail too. The words hold no payload."""

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.for_good = for_good


class Sender(Protocol):
    async def send(self, key: str, payload: Mapping[str, Any]) -> None:
        """Send once. The receiver must be idempotent by `key`. Raises NotSent."""


class HttpSender:
    """POSTs the payload as JSON, with the key as `Idempotency-Key`; any 2xx is a success."""

    def __init__(self, client: httpx.AsyncClient, url: str, *, token: str = "", timeout_s: float = TIMEOUT_S) -> None:
        self._client, self._url, self._timeout_s = client, url, timeout_s
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def send(self, key: str, payload: Mapping[str, Any]) -> None:
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await self._client.post(
                    self._url, json=dict(payload), headers={**self._headers, "Idempotency-Key": key}
                )
        except TimeoutError as error:
            raise NotSent(f"no answer within {self._timeout_s} s") from error
        except httpx.HTTPError as error:
            raise NotSent(type(error).__name__) from error
        if not answer.is_success:
            raise NotSent(f"status {answer.status_code}", for_good=is_for_good(answer.status_code))


class FileSender:
    """Appends a line of JSON to a file that only its owner can read (0600): the demo's text messages."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def send(self, key: str, payload: Mapping[str, Any]) -> None:
        line = json.dumps({"key": key, **payload}, ensure_ascii=False) + "\n"
        try:
            await asyncio.to_thread(self._append, line.encode())
        except OSError as error:
            raise NotSent(f"{self._path.name}: {error.strerror}") from error

    def _append(self, line: bytes) -> None:
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line)
        finally:
            os.close(file)


class NoSender:
    """Stands for what is not set up; says which setting is missing, and waits for it."""

    def __init__(self, missing: str) -> None:
        self._missing = missing

    async def send(self, key: str, payload: Mapping[str, Any]) -> None:
        raise NotSent(f"{self._missing} is not set")

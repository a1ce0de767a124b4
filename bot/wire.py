"""JSON over HTTP to our own neighbours: kept connections, time-outs, and failures named by what they leave open.

By aiohttp: a turn asks three times, and httpx spent 2 ms of the front door's CPU on each, aiohttp 0.3.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

import aiohttp

CONNECT_S = 1.0
HEALTH_S = 1.0
CONNECTIONS = 100
IDLE_CONNECTION_S = 4.0
"""Shorter than the 5 s after which uvicorn and Sanic close an idle connection: we never write into a closing one."""


class Unanswered(Exception):
    """No answer came."""


class BrokeOff(Unanswered):
    """Nobody is there, or the line broke: what was asked was done or not. Asked again it is done once."""


class TookTooLong(Unanswered):
    """It may still be at work."""


class Answered(NamedTuple):
    status: int
    content: bytes


class Wire(Protocol):
    """A neighbour as `Desk` and `Engine` need it. Both calls raise Unanswered."""

    async def post(self, url: str, body: Mapping[str, Any]) -> Answered: ...
    async def status(self, url: str) -> int: ...
    async def close(self) -> None: ...


class HttpWire:
    """`base` and a path make the address; `token` opens the door there; an answer takes `patience_s` at most."""

    def __init__(self, base: str, *, token: str, patience_s: float) -> None:
        self._base = base
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._patience = aiohttp.ClientTimeout(total=patience_s, connect=CONNECT_S)
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, body: Mapping[str, Any]) -> Answered:
        data = json.dumps(body, ensure_ascii=False).encode()
        return await self._ask("POST", url, data=data, timeout=self._patience)

    async def status(self, url: str) -> int:
        """What a GET, as of a health check, is answered with."""
        return (await self._ask("GET", url, timeout=aiohttp.ClientTimeout(total=HEALTH_S))).status

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _ask(self, method: str, url: str, **how: Any) -> Answered:
        if self._session is None:  # aiohttp wants a running loop
            connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=IDLE_CONNECTION_S)
            self._session = aiohttp.ClientSession(connector=connector, headers=self._headers)
        try:
            async with self._session.request(method, self._base + url, **how) as response:
                return Answered(response.status, await response.read())
        except aiohttp.ConnectionTimeoutError as error:
            raise BrokeOff(type(error).__name__) from error
        except TimeoutError as error:
            raise TookTooLong(type(error).__name__) from error
        except aiohttp.ClientError as error:
            raise BrokeOff(type(error).__name__) from error

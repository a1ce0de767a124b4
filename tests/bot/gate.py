"""Stands before the real ticketing application and can make it fail the ways a real one does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.wire import Answered, BrokeOff, TookTooLong


@dataclass
class Gate:
    """A wire to ticketing. `is_down` refuses connections; `loses_answers_of` works and loses the answer."""

    app: ASGIApp
    is_down: bool = False
    loses_answers_of: str = ""
    slow_for: str = ""
    seen: list[str] = field(default_factory=list)

    async def post(self, url: str, body: Mapping[str, Any]) -> Answered:
        return await self._pass("POST", url, json=body)

    async def status(self, url: str) -> int:
        return (await self._pass("GET", url)).status

    async def close(self) -> None:
        """Nothing is kept open."""

    async def _pass(self, method: str, url: str, **how: Any) -> Answered:
        self.seen.append(url.rpartition("/")[2])
        if self.is_down:
            raise BrokeOff("connection refused")
        if self.slow_for and url.endswith(self.slow_for):
            raise TookTooLong("timed out")
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        headers = {"Authorization": "Bearer bot-token"}
        async with httpx.AsyncClient(transport=transport, base_url="http://ticketing", headers=headers) as real:
            response = await real.request(method, url, **how)
        if self.loses_answers_of and url.endswith(self.loses_answers_of):
            raise BrokeOff("connection reset")
        return Answered(response.status_code, response.content)


class Door:
    """The same gate for a ticketing that is served over real HTTP: 503 while it is down."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.is_down = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.is_down:
            await send({"type": "http.response.start", "status": 503, "headers": []})
            await send({"type": "http.response.body", "body": b"{}"})
            return
        await self._app(scope, receive, send)

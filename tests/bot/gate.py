"""Stands before the real ticketing application and can make it fail the ways a real one does."""

from dataclasses import dataclass, field

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send


@dataclass
class Gate(httpx.AsyncBaseTransport):
    """A transport to ticketing. `is_down` refuses connections; `loses_answers_of` works and loses the answer."""

    app: ASGIApp
    is_down: bool = False
    loses_answers_of: str = ""
    slow_for: str = ""
    seen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._real = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.seen.append(path.rpartition("/")[2])
        if self.is_down:
            raise httpx.ConnectError("connection refused", request=request)
        if self.slow_for and path.endswith(self.slow_for):
            raise httpx.ReadTimeout("timed out", request=request)
        response = await self._real.handle_async_request(request)
        if self.loses_answers_of and path.endswith(self.loses_answers_of):
            raise httpx.ReadError("connection reset", request=request)
        return response


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

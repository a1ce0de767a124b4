"""`/console` on ticketing's own address: handed on to the console's process, HTTP and WebSocket alike.

Pages of other sites may neither post here nor open a socket: what carries a foreign `Origin` is refused.
"""

import asyncio
from collections.abc import Iterable
from urllib.parse import urlsplit

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout, ClientWebSocketResponse, DummyCookieJar, WSMsgType
from fastapi import FastAPI, Request, WebSocket
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.websockets import WebSocketDisconnect
from yarl import URL

log = structlog.get_logger("ticketing.console_proxy")

METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_BODY = 1_000_000
LARGEST_MESSAGE = 4_000_000
HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "proxy-authorization"}
)
REPLACED = frozenset({"content-length", "date", "server"})
"""Of answers: said anew by our own server."""
OURS = frozenset({"host", "content-length", "authorization", "x-forwarded-for", "x-forwarded-proto", "origin"})
"""Not handed on as they came: set anew, or none of the console's business."""
AWAY = "座席台正在启动或重启，请稍候刷新。"


class ConsoleProxy:
    """One pool of connections to the console. Nothing is opened before the first request."""

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/")
        self._session: ClientSession | None = None

    def install(self, app: FastAPI) -> None:
        app.add_api_route("/console", self._pass_on, methods=METHODS, include_in_schema=False)
        app.add_api_route("/console/{path:path}", self._pass_on, methods=METHODS, include_in_schema=False)
        app.add_api_websocket_route("/console/{path:path}", self._connect)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _pass_on(self, request: Request) -> Response:
        if request.method not in SAFE and _is_foreign(request):
            return PlainTextResponse("foreign origin", status_code=403)
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST_BODY:
                return PlainTextResponse("too large", status_code=413)
        try:
            async with self._pool().request(
                request.method, self._url(request), headers=_onward(request), data=body, allow_redirects=False
            ) as answer:
                response = Response(await answer.read(), status_code=answer.status)
                response.raw_headers = [
                    *_back(answer.raw_headers),
                    (b"content-length", str(len(response.body)).encode()),
                ]
                return response
        except (ClientError, TimeoutError) as error:
            log.warning("console_away", error=type(error).__name__)
            return PlainTextResponse(AWAY, status_code=503, headers={"Retry-After": "3"})

    async def _connect(self, socket: WebSocket) -> None:
        if _is_foreign(socket):
            await socket.close(code=1008)
            return
        try:
            headers = _onward(socket, but=("sec-websocket-",))
            async with self._pool().ws_connect(self._url(socket), headers=headers, max_msg_size=LARGEST_MESSAGE) as far:
                await socket.accept()
                await _both_ways(socket, far)
        except (ClientError, TimeoutError) as error:
            log.warning("console_away", error=type(error).__name__)
            await socket.close(code=1013)

    def _pool(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession(
                auto_decompress=False,
                cookie_jar=DummyCookieJar(),  # the cookies are the browsers', never ours
                timeout=ClientTimeout(total=None, connect=5, sock_read=90),
            )
        return self._session

    def _url(self, wanted: HTTPConnection) -> URL:
        path = wanted.scope.get("raw_path", wanted.scope["path"].encode()).decode("latin-1").partition("?")[0]
        query = wanted.scope["query_string"].decode("latin-1")
        return URL(f"{self._base}{path}" + (f"?{query}" if query else ""), encoded=True)


def _is_foreign(wanted: HTTPConnection) -> bool:
    """Whether a page of another host asks; a program says no origin and carries no cookie of a browser either."""
    origin = wanted.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != wanted.headers.get("host", "")


def _onward(wanted: HTTPConnection, *, but: tuple[str, ...] = ()) -> dict[str, str]:
    kept = {
        name: value
        for name, value in Headers(scope=wanted.scope).items()
        if name not in HOP_BY_HOP | OURS and not name.startswith(("x-forwarded-", *but))
    }
    scheme = {"ws": "http", "wss": "https"}.get(wanted.url.scheme, wanted.url.scheme)
    address = wanted.client.host if wanted.client else ""
    return kept | {"host": wanted.headers.get("host", ""), "x-forwarded-for": address, "x-forwarded-proto": scheme}


def _back(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    lowered = ((name.lower(), value) for name, value in headers)
    return [(name, value) for name, value in lowered if name.decode() not in HOP_BY_HOP | REPLACED]


async def _both_ways(near: WebSocket, far: ClientWebSocketResponse) -> None:
    """Until one side goes; then the other is closed too."""
    ways = [asyncio.create_task(_outward(near, far)), asyncio.create_task(_inward(near, far))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        await far.close()


async def _outward(near: WebSocket, far: ClientWebSocketResponse) -> None:
    while True:
        message = await near.receive()
        if message["type"] == "websocket.disconnect":
            return
        if message.get("text") is not None:
            await far.send_str(message["text"])
        else:
            await far.send_bytes(message["bytes"])


async def _inward(near: WebSocket, far: ClientWebSocketResponse) -> None:
    try:
        async for message in far:
            if message.type is WSMsgType.TEXT:
                await near.send_text(message.data)
            elif message.type is WSMsgType.BINARY:
                await near.send_bytes(message.data)
        await near.close(code=1001)
    except WebSocketDisconnect:
        return

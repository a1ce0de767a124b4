"""No body above 64 kB: it is read and thrown away up to a point, so that the sender gets to read the refusal."""

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import BodyTooLarge

LIMIT = 64 * 1024
"""Bytes. 2,000 Chinese characters escaped as JSON are 12 kB."""
SWALLOWED = 16 * 1024 * 1024


class BodyLimit:
    """Reads the body before the application sees it; a larger one never reaches the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self._app(scope, receive, send)
            return
        body, size = await _read(receive)
        if body is None:
            if size > LIMIT:
                refusal = BodyTooLarge(limit_kb=LIMIT // 1024)
                await JSONResponse(refusal.body, refusal.status, {"connection": "close"})(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)


async def _read(receive: Receive) -> tuple[bytes | None, int]:
    """The whole body and its size; None when it is too large or the sender went away."""
    chunks: list[bytes] = []
    size = 0
    while size <= SWALLOWED:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None, 0
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= LIMIT:
            chunks.append(chunk)
        if not message.get("more_body", False):
            break
    return (b"".join(chunks) if size <= LIMIT else None), size


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again

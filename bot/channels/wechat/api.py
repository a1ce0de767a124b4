"""HTTP to WeChat's servers: UTF-8 JSON without escapes, no proxy, and failures named by whether something may be done.

WeChat shows `\\u4f60` to the customer as it stands, and answers JSON under `text/plain`. The access token is part of
the address, so no address and no library's own words about one go into a log.
"""

import json
from collections.abc import Mapping
from typing import Any

import aiohttp

CONNECT_S = 2.0
IDLE_CONNECTION_S = 4.0
CONNECTIONS = 100
MOST_PICTURE_BYTES = 10 * 1024 * 1024
NOT_DONE = frozenset({500, 502, 503})
"""A 504 is not among them: the gateway gave up waiting, what is behind it perhaps not."""


class NotDone(Exception):
    """Surely nothing has happened: asked again it happens once."""


class Unclear(Exception):
    """Asked, and no answer came: it happened or not."""


class Api:
    """`base` is `https://api.weixin.qq.com`, or a simulator. An answer takes `patience_s` at most."""

    def __init__(self, base: str, *, patience_s: float) -> None:
        self._base = base.rstrip("/")
        self._patience = aiohttp.ClientTimeout(total=patience_s, connect=CONNECT_S)
        self._session: aiohttp.ClientSession | None = None

    async def post(self, path: str, body: Mapping[str, Any], *, token: str | None = None) -> dict[str, Any]:
        """WeChat's answer, with its `errcode` or without one. Raises NotDone, Unclear."""
        status, content = await self._ask("POST", path, token, data=json.dumps(body, ensure_ascii=False).encode())
        return _read(status, content)

    async def picture(self, path: str, media: str, *, token: str) -> bytes | dict[str, Any]:
        """The picture, or what WeChat says instead. Raises NotDone, Unclear."""
        status, content = await self._ask("GET", path, token, extra={"media_id": media})
        return _read(status, content) if content[:1] == b"{" or status != 200 else content

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _ask(
        self,
        method: str,
        path: str,
        token: str | None,
        *,
        data: bytes | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        if self._session is None:  # aiohttp wants a running loop; it looks for no proxy unless told
            connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=IDLE_CONNECTION_S)
            self._session = aiohttp.ClientSession(connector=connector, timeout=self._patience)
        params = {**({} if token is None else {"access_token": token}), **(extra or {})}
        headers = {"Content-Type": "application/json"} if data is not None else {}
        try:
            async with self._session.request(
                method, self._base + path, params=params, data=data, headers=headers, allow_redirects=False
            ) as response:
                return response.status, await _content(response)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotDone(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unclear(type(error).__name__) from None


async def _content(response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        content += chunk
        if len(content) > MOST_PICTURE_BYTES:
            raise Unclear("answer too large")
    return bytes(content)


def _read(status: int, content: bytes) -> dict[str, Any]:
    if status in NOT_DONE:
        raise NotDone(f"status {status}")
    try:
        answer = json.loads(content)
    except ValueError as error:
        raise Unclear(f"status {status}, not JSON") from error
    if status != 200 or not isinstance(answer, dict):
        raise Unclear(f"status {status}")
    return answer

"""Tells the front door what customers do, as WeChat does: six combinations, 5 s of patience, the same MsgId again."""

import json
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from xml.sax.saxutils import escape

from tests.wechat.clock import Clock
from tests.wechat.sealing import seal, signature

PATIENCE_S = 5.0
TRIES = 3


class Post(Protocol):
    def __call__(self, query: Mapping[str, str], body: bytes, content_type: str) -> Awaitable[tuple[int, bytes]]:
        """Status and body, or (0, b"") when there was no answer within `PATIENCE_S`."""


@dataclass
class Pusher:
    clock: Clock
    token: str
    aes_key: str
    app_id: str
    mode: str = "safe"
    format: str = "json"
    tries: int = TRIES
    acks_ms: list[float] = field(default_factory=list)
    given_up: list[dict[str, Any]] = field(default_factory=list)
    unacknowledged: list[tuple[int, float]] = field(default_factory=list)
    """Status (0: none) and milliseconds of each try that was not acknowledged."""

    def request(self, fields: Mapping[str, Any]) -> tuple[dict[str, str], bytes, str]:
        """Query, body and content type of one try: a new timestamp, nonce and signature each time."""
        timestamp, nonce = str(int(self.clock().timestamp())), str(secrets.randbelow(10**9))
        query = {"signature": signature(self.token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
        shown = dict(fields)
        if self.mode != "plain":
            sealed = seal(self._write(fields), aes_key=self.aes_key, app_id=self.app_id)
            query |= {
                "openid": str(fields["FromUserName"]),
                "encrypt_type": "aes",
                "msg_signature": signature(self.token, timestamp, nonce, sealed),
            }
            shown = {"ToUserName": fields["ToUserName"], "Encrypt": sealed}
            if self.mode == "compatible":
                shown = {**fields, "Encrypt": sealed}
        return query, self._write(shown), "application/json" if self.format == "json" else "text/xml"

    async def tell(
        self, fields: Mapping[str, Any], post: Post, *, wait: Callable[[], Awaitable[None]] | None = None
    ) -> bool:
        """Tell it until it is acknowledged, `tries` times at most; False: given up."""
        for _ in range(self.tries):
            began = time.perf_counter()
            status, content = await post(*self.request(fields))
            if status == 200 and content in {b"success", b""}:
                self.acks_ms.append((time.perf_counter() - began) * 1000)
                return True
            self.unacknowledged.append((status, (time.perf_counter() - began) * 1000))
            if wait is not None:
                await wait()
        self.given_up.append(dict(fields))
        return False

    def _write(self, fields: Mapping[str, Any]) -> bytes:
        if self.format == "json":
            return json.dumps(fields, ensure_ascii=False).encode()
        elements = "".join(
            f"<{name}>{value}</{name}>" if isinstance(value, int) else f"<{name}>{_cdata(str(value))}</{name}>"
            for name, value in fields.items()
        )
        return f"<xml>{elements}</xml>".encode()


def _cdata(text: str) -> str:
    return escape(text) if "]]>" in text else f"<![CDATA[{text}]]>"

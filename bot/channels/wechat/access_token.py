"""The access token: one owner across processes, renewed ahead of its end, and once only when WeChat stops taking it.

With Redis the token lies there (sealed), and who wants a new one stands in the token's lane (`bot.lanes`); what a
process finds renewed by another it takes over. Without Redis each process asks for itself, which `stable_token`
forgives: it gives everybody the same token. Source: WeChat's getStableAccessToken: 7,200 s, a new one during the last
5 minutes, the old one good until its end; `force_refresh` only when it gives the very token that is not taken.
"""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from cryptography.exceptions import InvalidTag
from redis.asyncio import Redis

from bot.channels.wechat.api import NotDone, Unclear
from bot.delivery.cipher import Cipher
from bot.lanes import Lanes
from bot.places import TROUBLE

log = structlog.get_logger("bot")

AHEAD_S = 240.0
"""Within the last 5 minutes, when WeChat gives a new one while the old one is still good."""
LEAST_REST_S = 20.0
REST_AFTER_FAILURE_S = 2.0
FORCED_EVERY_S = 30.0


@dataclass(frozen=True)
class Grant:
    token: str
    until: float
    """Unix time at which it ends."""


class AccessToken:
    """`fetch(force)` asks WeChat. `current` and `renew` raise NotDone when no token is to be had now."""

    def __init__(
        self,
        fetch: Callable[[bool], Awaitable[tuple[str, int]]],
        *,
        app_id: str,
        redis: Redis | None,
        lanes: Lanes,
        cipher: Cipher,
        clock: Callable[[], datetime],
    ) -> None:
        self._fetch, self._redis, self._lanes, self._cipher, self._clock = fetch, redis, lanes, cipher, clock
        self._key = f"lamplighter:wechat:{app_id}:token"
        self._grant: Grant | None = None
        self._rest_until = self._forced_at = float("-inf")

    async def current(self) -> str:
        grant = self._grant
        if grant is not None and grant.until > self._now():
            return grant.token
        return (await self._obtain(least_s=0)).token

    async def renew(self, bad: str) -> str:
        """A token other than `bad`, which WeChat has refused. Many may ask at once: WeChat is asked once."""
        return (await self._obtain(least_s=0, bad=bad)).token

    async def run(self) -> None:
        """Have a token at hand, and the next one ahead of its end, until cancelled."""
        while True:
            rest = LEAST_REST_S
            try:
                grant = await self._obtain(least_s=AHEAD_S)
                rest = max(grant.until - AHEAD_S - self._now(), LEAST_REST_S)
            except NotDone as error:
                log.warning("wechat_no_token", error=str(error))
            await asyncio.sleep(rest)

    async def _obtain(self, *, least_s: float, bad: str | None = None) -> Grant:
        async with self._lanes.hold(self._key):
            if self._suits(self._grant, least_s, bad):
                assert self._grant is not None
                return self._grant
            if self._now() < self._rest_until:
                raise NotDone("no token a moment ago")
            try:
                self._grant = await self._shared(least_s, bad)
            except (NotDone, Unclear) as error:
                self._rest_until = self._now() + REST_AFTER_FAILURE_S
                raise NotDone(f"no token: {error}") from error
            return self._grant

    async def _shared(self, least_s: float, bad: str | None) -> Grant:
        """From Redis when another process has it already, else from WeChat."""
        if self._redis is None:
            return await self._ask(bad)
        try:
            if self._suits(kept := await self._kept(), least_s, bad):
                assert kept is not None
                return kept
            return await self._keep(await self._ask(bad))
        except TROUBLE as error:
            log.warning("redis_lost", what="wechat token", error=type(error).__name__)
            return await self._ask(bad)

    async def _ask(self, bad: str | None) -> Grant:
        token, seconds = await self._fetch(False)
        if token == bad:  # WeChat holds to a token that it does not take
            if self._now() - self._forced_at < FORCED_EVERY_S:
                raise NotDone("forced a moment ago")
            self._forced_at = self._now()
            token, seconds = await self._fetch(True)
        log.info("wechat_token", seconds=seconds, renewed=bad is not None)
        return Grant(token, self._now() + seconds)

    async def _kept(self) -> Grant | None:
        assert self._redis is not None
        data: Any = await self._redis.get(self._key)
        if data is None:
            return None
        try:
            found: dict[str, Any] = json.loads(self._cipher.unseal(base64.b64decode(data), place=self._key))
            return Grant(found["token"], found["until"])
        except (ValueError, KeyError, InvalidTag):  # another key, another version: as if there were none
            return None

    async def _keep(self, grant: Grant) -> Grant:
        assert self._redis is not None
        text = json.dumps({"token": grant.token, "until": grant.until})
        sealed = base64.b64encode(self._cipher.seal(text, place=self._key))
        await self._redis.set(self._key, sealed, ex=max(int(grant.until - self._now()), 1))
        return grant

    def _suits(self, grant: Grant | None, least_s: float, bad: str | None) -> bool:
        return grant is not None and grant.token != bad and grant.until - self._now() > least_s

    def _now(self) -> float:
        return self._clock().timestamp()

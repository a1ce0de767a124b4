"""One token for a cluster: shared by Redis, asked for once, ahead of its end, also in a storm of refusals."""

import asyncio

import pytest
from redis.asyncio import Redis

from bot.channels.wechat.access_token import AccessToken
from bot.channels.wechat.api import NotDone, Unclear
from bot.delivery.cipher import Cipher
from bot.lanes import Lanes
from tests.bot.conftest import DATA_KEY
from tests.wechat.clock import Clock
from tests.wechat.tokens import Tokens


class Wechat:
    """`stable_token`, a little slow, sometimes away. `holds_on` gives the refused token again unless forced."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.tokens = Tokens(self.clock)
        self.error: Exception | None = None
        self.forced = 0

    async def fetch(self, force: bool) -> tuple[str, int]:
        await asyncio.sleep(0.02)
        if self.error is not None:
            raise self.error
        self.forced += force
        return self.tokens.give(force=force)

    def owner(self, redis: Redis | None) -> AccessToken:
        return AccessToken(
            self.fetch, app_id="wx1", redis=redis, lanes=Lanes(redis), cipher=Cipher(DATA_KEY), clock=self.clock
        )


async def test_four_processes_ask_once(redis: Redis) -> None:
    wechat = Wechat()
    owners = [wechat.owner(redis) for _ in range(4)]
    tokens = await asyncio.gather(*(owner.current() for owner in owners for _ in range(10)))
    assert len(set(tokens)) == 1
    assert wechat.tokens.fetches == 1
    keys = [key async for key in redis.scan_iter()]
    assert [tokens[0].encode() in (await redis.get(key) or b"") for key in keys] == [False]


async def test_a_storm_of_refusals_renews_once(redis: Redis) -> None:
    wechat = Wechat()
    owners = [wechat.owner(redis) for _ in range(4)]
    bad = (await asyncio.gather(*(owner.current() for owner in owners)))[0]
    wechat.tokens.forget()
    renewed = await asyncio.gather(*(owner.renew(bad) for owner in owners for _ in range(25)))
    assert len(set(renewed)) == 1
    assert renewed[0] != bad
    assert (wechat.tokens.fetches, wechat.forced) == (2, 0)


async def test_a_token_that_wechat_holds_to_is_forced_once() -> None:
    wechat = Wechat()
    owner = wechat.owner(None)
    bad = await owner.current()
    assert await owner.renew(bad) != bad
    assert wechat.forced == 1
    with pytest.raises(NotDone, match="a moment ago"):
        await owner.renew(await owner.current())
    assert wechat.forced == 1


@pytest.mark.parametrize("which", ["redis", "alone"])
async def test_it_is_renewed_ahead_of_its_end(which: str, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.wechat.access_token.LEAST_REST_S", 0.02)
    wechat = Wechat()
    owner = wechat.owner(redis if which == "redis" else None)
    first = await owner.current()
    wechat.clock.forward(seconds=7200 - 230)
    running = asyncio.create_task(owner.run())
    while wechat.tokens.fetches < 2:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    running.cancel()
    assert await owner.current() != first
    assert wechat.tokens.fetches == 2
    assert wechat.tokens.refusal(first) is None, "the old one still works"


@pytest.mark.parametrize("error", [NotDone("away"), Unclear("slow")])
async def test_without_a_token_nothing_was_done_and_wechat_is_left_alone_for_a_moment(error: Exception) -> None:
    wechat = Wechat()
    wechat.error = error
    owner = wechat.owner(None)
    for _ in range(3):
        with pytest.raises(NotDone):
            await owner.current()
    wechat.error = None
    with pytest.raises(NotDone, match="a moment ago"):
        await owner.current()
    wechat.clock.forward(seconds=3)
    assert await owner.current()


async def test_a_lost_redis_costs_nothing_but_the_sharing() -> None:
    wechat = Wechat()
    away = Redis(port=1, socket_connect_timeout=0.2)
    owners = [wechat.owner(away) for _ in range(2)]
    tokens = [await owner.current() for owner in owners]
    assert len(set(tokens)) == 1
    await away.aclose()

"""The console's client against the real app in process: the wire cannot drift. Asked on SQLite and PostgreSQL."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from fastapi import FastAPI

from tests.ticketing.conftest import CONSOLE_TOKEN, Says
from tests.ticketing.desk import people
from tests.ticketing.desk.conftest import desk, waits  # noqa: F401
from ticketing.console.client import Away, Desk, Refused, log_in


@pytest.fixture
async def http(service: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(service), base_url="http://ticketing") as client:
        yield client


@pytest.mark.usefixtures("desk", "town")
async def test_every_call_is_understood_on_both_sides(
    http: httpx.AsyncClient,
    waits: Callable[..., None],  # noqa: F811
    says: Says,
) -> None:
    given = {"login": "9001", "password": people.PASSWORD, "code": "", "address": "10.0.0.7"}
    token, seconds = await log_in(http, CONSOLE_TOKEN, given)
    person = Desk(http, token)
    assert (await person.me()).name == "陆雅琴" and seconds == 12 * 3600
    await person.go_on_duty(True)
    waits("c-1")
    assert [each.conversation for each in (await person.lobby()).waiting] == ["c-1"]
    state = await person.take("c-1")
    await person.keep_draft("c-1", "您好")
    opened = await person.open("c-1")
    assert opened.draft.mine == "您好" and opened.page.head.epoch == state.epoch
    await person.say("c-1", id="s-1", text="您好", epoch=state.epoch)
    page = await person.follow("c-1", after=opened.page.messages[-1].seq, after_delivery=0)
    assert [each.text for each in page.messages] == ["您好"]
    assert await person.unmask("c-1", "caller") == "13907760001"
    made = await person.make_order("c-1", {"key": "o-1", "kind": "complaint", "epoch": state.epoch})
    assert [each.order.number for each in await person.orders("c-1")] == [made.order.number if made.order else ""]
    assert (await person.customer("c-1")).level == 0 and (await person.facts("c-1")).orders
    assert len((await person.wall()).colleagues) == 1
    await person.alive()
    with pytest.raises(Refused, match="NotOnDuty"):
        await person.hand_over("c-1", epoch=state.epoch, to="黄志强")
    await person.end("c-1", epoch=state.epoch, outcome="solved", note="")
    await person.log_out()
    with pytest.raises(Refused, match="SessionEnded"):
        await person.lobby()


async def test_a_ticketing_that_is_away_is_told_apart_from_a_refusal() -> None:
    async with httpx.AsyncClient(base_url="http://127.0.0.1:1", trust_env=False) as client:
        with pytest.raises(Away):
            await Desk(client, "x").lobby()

"""WeChat's addresses: what is answered to whom, and how soon."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from bot.config import Settings
from bot.main import app as front_door
from tests.bot.channels.wechat.conftest import OPENID, TOKEN, Phone
from tests.bot.engine_double import EngineDouble
from tests.bot.gate import Gate
from tests.wechat.sealing import signature

PUSH = "/channels/wechat/push"


async def test_the_address_is_verified(client: httpx.AsyncClient, phone: Phone) -> None:
    timestamp = str(int(phone.pusher.clock().timestamp()))
    query = {"timestamp": timestamp, "nonce": "7", "echostr": "4375", "signature": signature(TOKEN, timestamp, "7")}
    answer = await client.get(PUSH, params=query)
    assert (answer.status_code, answer.text) == (200, "4375")
    assert answer.headers["content-type"].startswith("text/plain")
    assert (await client.get(PUSH, params=query | {"nonce": "8"})).status_code == 403
    assert (await client.get(PUSH)).status_code == 403


async def test_success_comes_before_the_answer(phone: Phone, engine: EngineDouble) -> None:
    engine.delay_s = 1.5
    await phone.say("停电")
    assert max(phone.pusher.acks_ms) < 1000
    assert phone.texts == []
    await phone.shows_messages(1)


@pytest.mark.parametrize("format", ["json", "xml"])
async def test_both_formats_are_answered(phone: Phone, format: str) -> None:
    phone.pusher.format = format
    await phone.say("停电")
    await phone.shows_messages(1)


async def test_strangers_are_refused_without_a_reason(client: httpx.AsyncClient, phone: Phone) -> None:
    query, body, _ = phone.pusher.request(phone.world.says(OPENID, "停电"))
    tries = [
        (query | {"msg_signature": "0" * 40}, body),
        (query | {"timestamp": "1714112445"}, body),
        (query, body[:-9] + b'A"}'),
        (query, b""),
        ({}, b"{}"),
    ]
    answers = [await client.post(PUSH, params=query, content=body) for query, body in tries]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.text for answer in answers}) == 1
    assert (await client.post(PUSH, params=query, content=b"x" * 70_000)).status_code == 413


async def test_another_push_under_a_used_signature_is_refused(client: httpx.AsyncClient, phone: Phone) -> None:
    """In plain mode the body is signed by nobody: who has seen one address could say anything under it."""
    query, body, _ = phone.pusher.request(phone.world.says(OPENID, "停电"))
    assert (await client.post(PUSH, params=query, content=body)).text == "success"
    other = json.loads(body)
    assert (await client.post(PUSH, params=query, content=json.dumps(other))).text == "success"
    await phone.shows_messages(1)


@pytest.fixture
async def plain(settings: Settings, gate: Gate) -> AsyncIterator[httpx.AsyncClient]:
    from bot.channels.wechat.push import Mode  # noqa: PLC0415

    service = front_door(settings.model_copy(update={"wechat_mode": Mode.PLAIN}), ticketing=gate)
    async with service.router.lifespan_context(service):
        transport = httpx.ASGITransport(app=service)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            yield client


async def test_in_plain_mode_too(plain: httpx.AsyncClient, phone: Phone) -> None:
    phone.pusher.mode = "plain"
    query, body, _ = phone.pusher.request(phone.world.says(OPENID, "停电"))
    assert (await plain.post(PUSH, params=query, content=body)).text == "success"
    forged = json.dumps(json.loads(body) | {"Content": "退订", "MsgId": 1})
    assert (await plain.post(PUSH, params=query, content=forged)).status_code == 403
    await phone.shows_messages(1)


async def test_only_ticketing_may_look(client: httpx.AsyncClient, conversation: str) -> None:
    path = f"/channels/wechat/conversations/{conversation}/window"
    assert (await client.get(path)).status_code == 401
    headers = {"Authorization": "Bearer outgoing-token"}
    assert (await client.get(path, headers=headers)).status_code == 404
    assert (await client.get("/channels/wechat/attachments/p1", headers=headers)).status_code == 404


async def test_the_web_door_does_not_open_it(client: httpx.AsyncClient, conversation: str) -> None:
    path = f"/channels/web/conversations/{conversation}/messages"
    assert (await client.post(path, json={"text": "你好"})).status_code == 422


async def test_without_an_app_id_there_is_no_wechat(settings: Settings, gate: Gate) -> None:
    service: FastAPI = front_door(settings.model_copy(update={"wechat_app_id": ""}), ticketing=gate)
    async with service.router.lifespan_context(service):
        transport = httpx.ASGITransport(app=service)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            for answer in (await client.get(PUSH), await client.post(PUSH, content=b"{}")):
                assert answer.status_code == 404
            words = {
                "id": "a-1", "conversation": "wx-1", "reply_to": f"wechat:{OPENID}", "epoch": 1,
                "speaker": "agent", "text": "您好", "control": "agent",
            }  # fmt: skip
            headers = {"Authorization": "Bearer outgoing-token"}
            assert (await client.post("/outgoing", json=words, headers=headers)).status_code == 202


@pytest.mark.parametrize("change", [{"wechat_secret": ""}, {"wechat_token": ""}, {"wechat_aes_key": "short"}])
def test_half_a_setting_stops_the_start(change: dict[str, str]) -> None:
    whole = {
        "wechat_app_id": "wx1", "wechat_secret": "s", "wechat_token": "t", "wechat_aes_key": "A" * 43,
        "ticketing_token": "a", "engine_token": "b", "voice_token": "c", "outgoing_token": "d",
        "visitor_key": "e", "data_key": "f",
    }  # fmt: skip
    Settings.model_validate(whole)
    Settings.model_validate(whole | {"wechat_aes_key": "", "wechat_mode": "plain"})
    with pytest.raises(ValueError, match="WeChat"):
        Settings.model_validate(whole | change)

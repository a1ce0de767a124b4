"""The web door over real HTTP and WebSockets: limits, tokens, other sites, events without a gap."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import websockets
from fastapi import FastAPI
from websockets.asyncio.client import ClientConnection, connect

from bot.channels import visitor
from bot.config import Settings
from bot.main import app as front_door
from tests.bot.conftest import Trail, say
from tests.bot.engine_double import EngineDouble
from tests.bot.eventually import eventually
from tests.bot.gate import Gate
from tests.bot.serving import serving

MESSAGES = "/channels/web/conversations/c-1/messages"
EVENTS = "/channels/web/conversations/c-1/events"


@pytest.fixture
def served(settings: Settings, gate: Gate) -> Iterator[str]:
    """A real front door; its base URL."""
    with serving(front_door(settings, ticketing=gate)) as url:
        yield url


@pytest.fixture
async def visitor_client(served: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=served, trust_env=False, timeout=20) as client:
        yield client


def socket(served: str, *, after: int = 0, path: str = EVENTS, **options: Any) -> connect:
    return connect(f"{served.replace('http', 'ws')}{path}?after={after}", proxy=None, **options)


async def read(events: ClientConnection, *, until: int) -> list[dict[str, Any]]:
    """Numbered events up to the one with number `until`; notices are skipped."""
    found: list[dict[str, Any]] = []
    while not found or found[-1]["event"] < until:
        event = json.loads(await asyncio.wait_for(events.recv(), 10))
        if "event" in event:
            found.append(event)
    return found


async def send(events: ClientConnection, id: str, text: str) -> None:
    await events.send(json.dumps({"type": "message", "id": id, "text": text}))


async def test_a_page_sees_its_words_typing_and_the_answer(served: str) -> None:
    async with socket(served) as events:
        assert json.loads(await events.recv()) == {"type": "control", "control": "bot"}
        await send(events, "m-1", "我家停电了")
        seen = [json.loads(await asyncio.wait_for(events.recv(), 10)) for _ in range(4)]
    kinds = [event["type"] for event in seen]
    assert kinds[0] == "customer"
    assert {"type": "typing", "on": True} in seen
    answer = next(event for event in seen if event["type"] == "bot")
    assert answer["event"] == 2
    assert answer["talk_track"] == "utter_echo"
    assert answer["buttons"][0] == {"title": "是的", "payload": "是的"}


async def test_a_page_that_was_away_resumes_without_gap_or_repetition(
    served: str, visitor_client: httpx.AsyncClient
) -> None:
    async with socket(served) as events:
        await send(events, "m-1", "一")
        assert [event["event"] for event in await read(events, until=2)] == [1, 2]
    await say(visitor_client, "二", id="m-2")
    async with socket(served, after=2) as events:
        await send(events, "m-2", "二")  # sent again, because nothing confirmed it
        await send(events, "m-3", "三")
        later = await read(events, until=6)
    assert [event["event"] for event in later] == [3, 4, 5, 6]
    assert [event["text"] for event in later if event["type"] == "customer"] == ["二", "三"]


async def test_replies_that_reached_the_page_are_reported_delivered_once(served: str, trail: Trail) -> None:
    async with socket(served) as first, socket(served) as second:
        await send(first, "m-1", "我家停电了")
        await read(first, until=2)
        await read(second, until=2)

        async def is_reported() -> bool:
            messages = (await trail.conversation("c-1"))["messages"]
            return "delivered" in json.dumps(messages[-1])

        await eventually(is_reported)


async def test_an_agents_words_reach_the_page_once_and_control_is_shown(
    served: str, visitor_client: httpx.AsyncClient
) -> None:
    await say(visitor_client, "转人工", id="m-1")
    words = {
        "id": "out-1", "conversation": "c-1", "reply_to": "web:c-1", "epoch": 2, "speaker": "agent",
        "text": "您好，我是小韦。",
        "talk_track": None, "version": None, "buttons": [], "control": "agent",
    }  # fmt: skip
    unknown = await visitor_client.post("/outgoing", json=words, headers={"Authorization": "Bearer guess"})
    assert unknown.status_code == 401
    async with socket(served, after=2) as events:
        for _ in range(2):
            accepted = await visitor_client.post(
                "/outgoing", json=words, headers={"Authorization": "Bearer outgoing-token"}
            )
            assert (accepted.status_code, accepted.json()) == (202, {"accepted": True})
        (event,) = await read(events, until=3)
        assert (event["type"], event["text"]) == ("agent", "您好，我是小韦。")
        rest = []
        with pytest.raises(TimeoutError):
            while True:
                rest.append(json.loads(await asyncio.wait_for(events.recv(), 0.3)))
    assert {"type": "control", "control": "agent"} in rest
    assert not [one for one in rest if "event" in one]


async def test_what_is_too_long_is_refused_in_words_and_not_recorded(
    visitor_client: httpx.AsyncClient, engine: EngineDouble
) -> None:
    long = await visitor_client.post(MESSAGES, json={"text": "停" * 2001, "id": "m-1"})
    assert (long.status_code, long.json()["error"]) == (413, "MessageTooLong")
    assert "2001" in long.json()["detail"]
    huge = await visitor_client.post(MESSAGES, json={"text": "停" * 700_000, "id": "m-1"})
    assert (huge.status_code, huge.json()["error"]) == (413, "BodyTooLarge")
    assert (await say(visitor_client, "停" * 2000, id="m-1"))["replies"]
    assert len(engine.asked) == 1


async def test_a_socket_survives_what_it_cannot_take(served: str) -> None:
    async with socket(served) as events:
        await events.recv()
        errors = []
        for bad in ("{", "[]", '{"type": "dance"}', json.dumps({"type": "message", "id": "m-1", "text": "停" * 2001})):
            await events.send(bad)
            errors.append(json.loads(await asyncio.wait_for(events.recv(), 10)))
        assert [one["error"] for one in errors] == [
            "InvalidRequest",
            "InvalidRequest",
            "InvalidRequest",
            "MessageTooLong",
        ]
        assert errors[-1]["id"] == "m-1"
        await send(events, "m-1", "我家停电了")
        assert (await read(events, until=2))[-1]["type"] == "bot"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (MESSAGES, {"text": "好", "id": "不行"}, 422),
        (MESSAGES, {"text": "好", "id": "x" * 100}, 422),
        (MESSAGES, {"id": "m-1"}, 422),
        ("/channels/web/conversations/a%20b/messages", {"text": "好"}, 422),
        ("/channels/web/conversations/call-1/messages", {"text": "好"}, 422),
        ("/nowhere", {}, 404),
    ],
)
async def test_wrong_requests_get_a_named_error_in_chinese(
    visitor_client: httpx.AsyncClient, path: str, body: dict[str, str], status: int
) -> None:
    refused = await visitor_client.post(path, json=body)
    assert refused.status_code == status
    assert set(refused.json()) == {"error", "detail"}
    assert any("\u4e00" <= character <= "\u9fff" for character in refused.json()["detail"])


async def test_a_token_opens_its_own_conversation_only(settings: Settings, gate: Gate) -> None:
    away = settings.model_copy(update={"demo": False})
    with serving(front_door(away, ticketing=gate)) as url:
        async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
            begun = (await client.post("/channels/web/visitors")).json()
            own = f"/channels/web/conversations/{begun['conversation']}"
            token = {"Authorization": f"Bearer {begun['token']}"}
            assert (await client.post(f"{own}/messages", json={"text": "你好"}, headers=token)).status_code == 200
            for path, headers in ((f"{own}/messages", {}), (MESSAGES, token)):
                refused = await client.post(path, json={"text": "你好"}, headers=headers)
                assert (refused.status_code, refused.json()["error"]) == (401, "VisitorTokenNeeded")
        async with socket(url, path=f"{own}/events", subprotocols=["lamplighter", begun["token"]]) as events:
            assert events.subprotocol == "lamplighter"
            assert [event["type"] for event in await read(events, until=2)] == ["customer", "bot"]
        with pytest.raises(websockets.InvalidStatus) as refusal:
            await socket(url, path=f"{own}/events")
        assert refusal.value.response.status_code == 401


@pytest.mark.parametrize(
    "headers",
    [{"x-forwarded-for": "203.0.113.9"}, {"host": "evil.example"}],
    ids=["behind a proxy", "by a foreign name"],
)
async def test_the_demo_is_open_only_to_this_machine(
    visitor_client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    assert (await visitor_client.post(MESSAGES, json={"text": "你好"}, headers=headers)).status_code == 401


async def test_a_page_of_another_site_may_not_speak(served: str, visitor_client: httpx.AsyncClient) -> None:
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        refused = await visitor_client.post(MESSAGES, json={"text": "你好"}, headers=headers)
        assert (refused.status_code, refused.json()["error"]) == (403, "OtherSite")
    with pytest.raises(websockets.InvalidStatus) as refusal:
        await socket(served, origin="https://evil.example")
    assert refusal.value.response.status_code == 403
    own = {"origin": served}
    assert (await visitor_client.post(MESSAGES, json={"text": "你好"}, headers=own)).status_code == 200


async def test_who_speaks_too_fast_is_asked_to_wait(settings: Settings, gate: Gate) -> None:
    slow = settings.model_copy(update={"messages_per_minute": 2})
    service = front_door(slow, ticketing=gate)
    async with service.router.lifespan_context(service):
        transport = httpx.ASGITransport(app=service)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            statuses = [(await client.post(MESSAGES, json={"text": "你好"})).status_code for _ in range(5)]
    assert 429 in statuses[2:]
    assert statuses[:2] == [200, 200]


async def test_health_names_what_is_missing(door: FastAPI, client: httpx.AsyncClient, gate: Gate) -> None:
    gate.is_down = True
    sick = await client.get("/health")
    assert sick.status_code == 503
    checks = sick.json()["checks"]
    assert (checks["store"], checks["ticketing"], checks["engine"], checks["redis"]) == ("up", "down", "up", "off")


async def test_the_page_brings_everything_itself(visitor_client: httpx.AsyncClient) -> None:
    page = await visitor_client.get("/")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http://" not in page.text and "https://" not in page.text
    for part in ("chat.css", "chat.js", "show.js", "memory.js", "icon.svg"):
        assert (await visitor_client.get(f"/page/{part}")).status_code == 200


def test_visitor_tokens() -> None:
    now = datetime.now(UTC)
    token = visitor.sign("c-1", until=now + timedelta(hours=1), key=b"k")
    assert visitor.opens(token, "c-1", at=now, key=b"k")
    assert not visitor.opens(token, "c-2", at=now, key=b"k")
    assert not visitor.opens(token, "c-1", at=now + timedelta(hours=2), key=b"k")
    assert not visitor.opens(token, "c-1", at=now, key=b"other")
    for forged in ("", ".", "a.b", token[:-2], token + "x", "ä." + token):
        assert not visitor.opens(forged, "c-1", at=now, key=b"k")

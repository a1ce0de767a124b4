"""The telephone's door: announced, answered, turns, deliveries, the end."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.bot.conftest import Trail
from tests.bot.engine_double import EngineDouble
from tests.bot.eventually import eventually

CONTRACTS = Path(__file__).parents[2] / "contracts"
UUID = "6f1c2a4e-0f6b-4d2c-9d53-3a2b1c0d9e8f"


def example(name: str) -> dict[str, Any]:
    wire: dict[str, Any] = json.loads((CONTRACTS / f"{name}.json").read_text("utf-8"))
    return wire


async def knock(client: httpx.AsyncClient, name: str, *, token: str = "voice-token") -> httpx.Response:
    wire = example(name)["request"]
    headers = {"Authorization": f"Bearer {token}"}
    return await client.request(wire["method"], wire["path"], json=wire["json"], headers=headers)


def shape(answer: Any) -> Any:
    """The keys of an answer, to compare it with the wire's example."""
    if isinstance(answer, dict):
        return {key: shape(value) for key, value in answer.items() if key != "buttons"}
    return [shape(answer[0])] if isinstance(answer, list) and answer else None


@pytest.fixture
async def answered(client: httpx.AsyncClient) -> AsyncIterator[dict[str, Any]]:
    assert (await knock(client, "call_announced", token="dialplan-token")).json() == {"known": True}
    response = await knock(client, "call_answer")
    assert response.status_code == 200, response.text
    yield response.json()


async def test_a_call_is_greeted_as_the_wire_says(answered: dict[str, Any], engine: EngineDouble, trail: Trail) -> None:
    assert shape(answered) == shape(example("call_answer")["response"]["json"])
    assert engine.asked[0]["metadata"]["kind"] == "ring"
    assert engine.asked[0]["metadata"]["caller"] == "13907760001"
    assert [speaker for speaker, _ in await trail.said(f"call-{UUID}")] == ["customer", "bot"]


async def test_a_turn_says_what_is_expected_next(
    client: httpx.AsyncClient, answered: dict[str, Any], engine: EngineDouble
) -> None:
    turn = (await knock(client, "call_turn")).json()
    assert shape(turn) == shape(example("call_turn")["response"]["json"])
    assert turn["expects"]["kind"] == "yes_no"
    assert (await knock(client, "call_turn")).json() == turn
    assert len(engine.asked) == 2


async def test_what_the_caller_heard_reaches_the_record(
    client: httpx.AsyncClient, answered: dict[str, Any], trail: Trail
) -> None:
    reply = answered["replies"][0]["id"]
    body = {"deliveries": [{"reply": reply, "state": "cut", "cut_at_ms": 1200}]}
    path = f"/channels/phone/calls/{UUID}/deliveries"
    headers = {"Authorization": "Bearer voice-token"}
    assert (await client.post(path, json=body, headers=headers)).json() == {"recorded": 1}

    async def is_on_record() -> bool:
        return '"cut_at_ms": 1200' in json.dumps(await trail.conversation(f"call-{UUID}"))

    await eventually(is_on_record)


async def test_an_ended_call_takes_no_turn_and_late_words_are_dropped(
    client: httpx.AsyncClient, answered: dict[str, Any], door: FastAPI
) -> None:
    assert (await knock(client, "call_end")).json() == {"ended": True}
    refused = await knock(client, "call_turn")
    assert (refused.status_code, refused.json()["error"]) == (409, "CallEnded")
    words = example("outgoing")["request"]["json"] | {"conversation": f"call-{UUID}", "reply_to": f"phone:{UUID}"}
    headers = {"Authorization": "Bearer outgoing-token"}
    assert (await client.post("/outgoing", json=words, headers=headers)).status_code == 202


@pytest.mark.parametrize(("name", "token"), [("call_answer", "dialplan-token"), ("call_announced", "voice-token")])
async def test_each_door_has_its_own_key(client: httpx.AsyncClient, name: str, token: str) -> None:
    assert (await knock(client, name, token=token)).status_code == 401


async def test_a_call_that_nobody_knows(client: httpx.AsyncClient) -> None:
    assert (await knock(client, "call_turn")).json()["error"] == "CallNotFound"

"""The action server's own manners: token, health, errors in words."""

import httpx
import pytest
from pydantic import ValidationError

from actions.backend import Backend
from actions.config import Settings
from tests.actions.scene import TOKEN


async def test_a_wrong_token_is_refused(server: httpx.AsyncClient) -> None:
    for token in ("", "wrong", "错"):
        answer = await server.post("/webhook", params={"token": token}, json={})
        assert answer.status_code == 401
        assert answer.json()["error"] == "Unauthorised"


async def test_an_unknown_action_and_a_broken_body_are_answered_in_words(server: httpx.AsyncClient) -> None:
    call = {"next_action": "action_dance", "domain": {}, "tracker": {"sender_id": "c-1"}}
    answer = await server.post("/webhook", params={"token": TOKEN}, json=call)
    assert (answer.status_code, answer.json()["action_name"]) == (404, "action_dance")
    answer = await server.post("/webhook", params={"token": TOKEN}, content=b"{")
    assert answer.status_code == 400


async def test_health_tells_whether_ticketing_can_be_reached(server: httpx.AsyncClient, backend: Backend) -> None:
    assert (await server.get("/health")).json() == {"status": "ok", "ticketing": "reachable"}
    backend._client._transport = httpx.MockTransport(lambda _: httpx.Response(503))
    assert (await server.get("/health")).json() == {"status": "degraded", "ticketing": "unreachable"}


def test_a_missing_secret_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ACTIONS_TOKEN", raising=False)
    with pytest.raises(ValidationError, match="token"):
        Settings()

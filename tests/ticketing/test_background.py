"""While the service runs it sends and takes back by itself, and outlives a failed round."""

import asyncio
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker
from structlog.testing import capture_logs

from tests.ticketing.conversations.conftest import on_duty, say, wish, words  # noqa: F401  (fixtures)
from tests.ticketing.outbox.receiver import receiving
from ticketing.background import repeat
from ticketing.config import Settings
from ticketing.conversations import handoffs
from ticketing.conversations.schemas import Recorded
from ticketing.db import now
from ticketing.main import app


@pytest.mark.usefixtures("say", "words", "on_duty")
def test_who_waits_too_long_hears_it_from_the_front_door(
    settings: Settings, service: FastAPI, sessions: sessionmaker[Session], request: pytest.FixtureRequest
) -> None:
    record = request.getfixturevalue("say")
    assert isinstance(record(), Recorded)
    with sessions.begin() as session:
        handoffs.ask_person(session, "c-1", wish(), actor="bot", at=now() - timedelta(hours=1))
    with receiving() as door:
        running = app(settings.model_copy(update={"front_door_url": door.url}))
        with TestClient(running) as client:
            for _ in range(200):
                if door.calls:
                    break
                client.portal.call(asyncio.sleep, 0.05)  # type: ignore[union-attr]
    [call] = door.calls
    assert (call["path"], call["authorization"]) == ("/outgoing", "Bearer front-door-token")
    assert call["body"]["talk_track"] == "utter_callback_arranged"


async def test_a_failed_round_is_logged_and_the_next_one_comes() -> None:
    rounds: list[int] = []
    enough = asyncio.Event()

    async def work() -> int:
        rounds.append(1)
        if len(rounds) == 1:
            raise OSError("the database is away")
        if len(rounds) == 3:
            enough.set()
        return 0

    with capture_logs() as logs:
        task = asyncio.create_task(repeat(work, pause_s=0.001, name="test"))
        await enough.wait()
        task.cancel()
    assert [each["event"] for each in logs] == ["background_round_failed"]

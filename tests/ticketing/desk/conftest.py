"""A desk with people who can log in, the approved words, and a customer who waits."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.conftest import Says
from tests.ticketing.desk import people
from ticketing.db import now
from ticketing.talk_tracks.load import load


@pytest.fixture
def desk(sessions: sessionmaker[Session]) -> None:
    people.settle_in(sessions)
    with sessions.begin() as session:
        load(session, at=now())


@pytest.fixture
def log_in(service: FastAPI, desk: None) -> people.LogIn:
    """Log in by staff number, and go on duty where the role serves."""

    def enter(login: str) -> TestClient:
        client = people.log_in(service, login)
        client.post("/api/desk/on-duty", json={"on": True})
        return client

    return enter


@pytest.fixture
def waits(bot: TestClient, says: Says) -> Callable[..., None]:
    """A customer who has asked for a person."""

    def ask(conversation: str = "c-1", *, reason: str = "asked", caller: str | None = "13907760001") -> None:
        says(conversation, caller=caller)
        wish = {"key": f"{conversation}/k", "reason": reason, "skill": "general", "summary": "电话13907760001，要人工"}
        answer = bot.post(f"/api/conversations/{conversation}/handoff", json=wish)
        assert answer.json()["control"] == "waiting", answer.text

    return ask

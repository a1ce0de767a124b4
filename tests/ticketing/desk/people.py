"""People at the desk for tests: accounts with one password, and clients that are logged in."""

from collections.abc import Callable

from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.conftest import CONSOLE_TOKEN
from ticketing.accounts import passwords, service
from ticketing.accounts.roles import Role
from ticketing.db import now

PASSWORD = "长长的通行口令-for-tests"
PEOPLE = {
    "1001": ("韦晓岚", Role.AGENT),
    "1002": ("黄志强", Role.AGENT),
    "9001": ("陆雅琴", Role.SUPERVISOR),
    "7001": ("覃检", Role.INSPECTOR),
    "0001": ("管理员", Role.ADMINISTRATOR),
}
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
"""The real one takes a tenth of a second on purpose; five people for each test are too many."""
LogIn = Callable[[str], TestClient]


def settle_in(sessions: sessionmaker[Session]) -> None:
    passwords.hasher = CHEAP
    with sessions.begin() as session:
        for login, (name, role) in PEOPLE.items():
            service.add(
                session,
                login=login,
                name=name,
                role=role,
                skills=["general"],
                password=PASSWORD,
                at=now(),
                actor="test",
            )


def console(service_: FastAPI) -> TestClient:
    """The app, called as the console calls it before anybody has logged in."""
    return TestClient(service_, headers={"Authorization": f"Bearer {CONSOLE_TOKEN}"})


def log_in(service_: FastAPI, login: str) -> TestClient:
    given = {"login": login, "password": PASSWORD, "address": "10.0.0.7"}
    answer = console(service_).post("/api/desk/login", json=given)
    assert answer.status_code == 200, answer.text
    return TestClient(service_, headers={"Authorization": f"Bearer {answer.json()['token']}"})

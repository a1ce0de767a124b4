"""Logging in: right and wrong tries, lock-out, codes, and how a session ends; all of it in the trail."""

from datetime import timedelta

import pyotp
import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.desk import people
from tests.ticketing.desk.people import PASSWORD
from ticketing.accounts import login, passwords, service
from ticketing.accounts import sessions as kept
from ticketing.accounts.errors import LoginLocked, LoginRefused
from ticketing.accounts.models import DeskAccount, DeskSession, LoginTry
from ticketing.audit.models import AuditRecord
from ticketing.db import now

AT = now()


@pytest.fixture(autouse=True)
def desk(sessions: sessionmaker[Session]) -> None:
    people.settle_in(sessions)


def enter(
    sessions: sessionmaker[Session], password: str = PASSWORD, *, name: str = "1001", code: str = "", s: int = 0
) -> str:
    at = AT + timedelta(seconds=s)
    return login.log_in(sessions, login=name, password=password, code=code, address="10.0.0.7", at=at)[0]


def trail(sessions: sessionmaker[Session], kind: str) -> list[AuditRecord]:
    with sessions() as session:
        return list(session.scalars(select(AuditRecord).where(AuditRecord.kind == kind).order_by(AuditRecord.seq)))


def test_a_right_login_opens_a_session_of_which_only_the_hash_is_kept(sessions: sessionmaker[Session]) -> None:
    token = enter(sessions)
    with sessions() as session:
        row = session.scalars(select(DeskSession)).one()
        account = session.get_one(DeskAccount, "1001")
        assert row.token_hash == kept.hash_of(token) != token
        assert account.password.startswith("$argon2id$") and PASSWORD not in account.password
    assert [each.subject for each in trail(sessions, "desk.logged_in")] == ["account:1001"]


@pytest.mark.parametrize("name", ["1001", "nobody"])
def test_five_wrong_tries_lock_a_name_whether_it_exists_or_not(sessions: sessionmaker[Session], name: str) -> None:
    for number in range(5):
        with pytest.raises(LoginRefused):
            enter(sessions, "wrong", name=name, s=number)
    with pytest.raises(LoginLocked) as locked:
        enter(sessions, name=name, s=10)
    assert 0 < int(str(locked.value.extra["retry_s"])) <= 15 * 60
    failed = trail(sessions, "desk.login_failed")
    assert [each.data["outcome"] for each in failed] == ["wrong"] * 5 + ["locked"]
    assert {each.subject for each in failed} == {"account:1001" if name == "1001" else "account:unknown"}
    if name == "1001":
        enter(sessions, s=16 * 60)


def test_the_name_that_was_typed_is_not_kept(sessions: sessionmaker[Session]) -> None:
    with pytest.raises(LoginRefused):
        enter(sessions, "x", name="my-password-in-the-wrong-field")
    with sessions() as session:
        assert "my-password" not in str([vars(row) for row in session.scalars(select(LoginTry))])


def test_a_code_is_asked_for_and_works_once(sessions: sessionmaker[Session]) -> None:
    secret = passwords.new_totp_secret()
    with sessions.begin() as session:
        service.set_totp(session, "1001", secret, at=AT, actor="test")
    code = pyotp.TOTP(secret).at(AT)
    with pytest.raises(LoginRefused):
        enter(sessions)
    enter(sessions, code=code)
    with pytest.raises(LoginRefused):
        enter(sessions, code=code, s=1)


def test_a_disabled_account_is_out_at_once(sessions: sessionmaker[Session], service: FastAPI) -> None:
    client = people.log_in(service, "1001")
    admin = people.log_in(service, "0001")
    assert client.get("/api/desk/me").json()["name"] == "韦晓岚"
    assert admin.post("/api/desk/accounts/1001/disabled", json={"disabled": True}).json()["disabled"] is True
    assert client.get("/api/desk/me").status_code == 401
    with pytest.raises(LoginRefused):
        enter(sessions)
    assert trail(sessions, "desk.session_ended")[-1].data["why"] == "disabled"


@pytest.mark.parametrize(("column", "ago", "why"), [("seen", 31, "idle"), ("opened", 12 * 60 + 1, "too_old")])
def test_a_session_ends_by_itself(
    sessions: sessionmaker[Session], service: FastAPI, column: str, ago: int, why: str
) -> None:
    client = people.log_in(service, "1001")
    with sessions.begin() as session:
        setattr(session.scalars(select(DeskSession)).one(), column, now() - timedelta(minutes=ago))
    answer = client.get("/api/desk/me")
    assert (answer.status_code, answer.json()["why"]) == (401, why)
    assert trail(sessions, "desk.session_ended")[-1].data["why"] == why


def test_logging_out_ends_the_session(service: FastAPI) -> None:
    client = people.log_in(service, "1001")
    assert client.post("/api/desk/logout").status_code == 200
    assert client.get("/api/desk/me").status_code == 401


def test_only_the_console_may_ask_for_a_login(demo: object, service: FastAPI) -> None:
    answer = people.console(service).post(
        "/api/desk/login", json={"login": "1001", "password": "x"}, headers={"Authorization": "Bearer demo-token"}
    )
    assert answer.status_code == 403

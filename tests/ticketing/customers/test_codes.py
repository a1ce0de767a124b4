"""One-time codes: sent to the registered phone only, short-lived, used once, silent about who exists."""

import json
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from ticketing.customers.codes import SENDINGS_A_DAY
from ticketing.customers.models import OneTimeCode
from ticketing.db import now
from ticketing.outbox.models import OutboxEntry
from ticketing.talk_tracks.load import FILES, load

pytestmark = pytest.mark.usefixtures("town", "words")
WEI, NOBODY = "0602100123450001", "0602999999999999"


@pytest.fixture
def words(sessions: sessionmaker[Session], tmp_path: Path) -> None:
    """The text message is published, as the seed does it."""
    (tmp_path / "words").mkdir()
    shutil.copy(FILES / "sms.yml", tmp_path / "words")
    with sessions.begin() as session:
        load(session, at=now(), folder=tmp_path / "words")


def ask(client: TestClient, key: str, number: str = WEI, conversation: str = "c-1") -> None:
    asked = {"key": key, "conversation": conversation, "account_number": number}
    answer = client.post("/api/identity/codes", json=asked)
    assert (answer.status_code, answer.json()) == (200, {"sent": True})


def messages(sessions: sessionmaker[Session]) -> list[dict[str, str]]:
    with sessions() as session:
        rows = session.scalars(select(OutboxEntry).where(OutboxEntry.kind == "sms").order_by(OutboxEntry.id))
        return [json.loads(row.payload) for row in rows]


def newest_code(sessions: sessionmaker[Session]) -> str:
    found = re.search(r"\d{6}", messages(sessions)[-1]["text"])
    assert found
    return found.group()


def prove(client: TestClient, key: str, code: str, conversation: str = "c-1") -> tuple[str, int]:
    given = {"account_number": WEI, "customer_name": "韦小明", "code": code}
    body = client.post("/api/identity/checks", json={"key": key, "conversation": conversation, **given}).json()
    return body["outcome"], body["level"]


def test_the_code_goes_to_the_registered_phone_and_opens_level_two_once(
    client: TestClient, sessions: sessionmaker[Session]
) -> None:
    ask(client, "s-1")
    assert [message["to"] for message in messages(sessions)] == ["13907760001"]
    code = newest_code(sessions)
    assert prove(client, "1", code) == ("verified", 2)
    assert prove(client, "2", code)[0] == "refused"


def test_an_account_that_does_not_exist_gets_the_same_answer_and_no_message(
    client: TestClient, sessions: sessionmaker[Session]
) -> None:
    ask(client, "s-1", NOBODY)
    assert messages(sessions) == []


def test_asking_again_with_the_same_key_sends_once(client: TestClient, sessions: sessionmaker[Session]) -> None:
    ask(client, "s-1")
    ask(client, "s-1")
    assert len(messages(sessions)) == 1


def test_a_newer_code_replaces_the_one_before(client: TestClient, sessions: sessionmaker[Session]) -> None:
    ask(client, "s-1")
    old = newest_code(sessions)
    ask(client, "s-2")
    new = newest_code(sessions)
    if old != new:
        assert prove(client, "1", old)[0] == "refused"
    assert prove(client, "2", new) == ("verified", 2)


def test_a_code_counts_in_its_own_conversation_only(client: TestClient, sessions: sessionmaker[Session]) -> None:
    ask(client, "s-1")
    assert prove(client, "1", newest_code(sessions), conversation="c-2")[0] == "refused"


def test_a_code_is_too_old_after_five_minutes(client: TestClient, sessions: sessionmaker[Session]) -> None:
    ask(client, "s-1")
    with sessions.begin() as session:
        session.execute(update(OneTimeCode).values(at=now() - timedelta(minutes=5, seconds=1)))
    assert prove(client, "1", newest_code(sessions))[0] == "refused"


def test_nobody_is_flooded(client: TestClient, sessions: sessionmaker[Session]) -> None:
    for number in range(SENDINGS_A_DAY + 3):
        ask(client, f"s-{number}", conversation=f"c-{number}")
    assert len(messages(sessions)) == SENDINGS_A_DAY


def test_the_code_is_nowhere_in_the_tables_as_text(client: TestClient, sessions: sessionmaker[Session]) -> None:
    ask(client, "s-1")
    code = newest_code(sessions)
    with sessions() as session:
        assert code not in session.scalars(select(OneTimeCode.code_hash)).one()
        raw = session.connection().exec_driver_sql("SELECT payload FROM outbox").scalar_one()
        assert code.encode() not in bytes(raw)

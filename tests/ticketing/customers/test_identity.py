"""Identity over the wire: levels, tries across conversations, and answers that give nothing away."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.conftest import Says
from ticketing.audit.models import AuditRecord
from ticketing.customers import identity
from ticketing.customers.identity import Evidence
from ticketing.customers.models import IdentityCheck
from ticketing.db import now

pytestmark = pytest.mark.usefixtures("town")
WEI, QIN = "0602100123450001", "0602100123450002"
NOBODY = "0602999999999999"


def check(client: TestClient, key: str, conversation: str = "c-1", **given: str) -> dict[str, Any]:
    answer = client.post("/api/identity/checks", json={"key": key, "conversation": conversation, **given})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_number_and_name_give_the_amount_due_and_the_card_gives_the_rest(client: TestClient) -> None:
    assert check(client, "1", account_number=WEI) == {"outcome": "incomplete", "level": 0, "account_tail": None}
    named = check(client, "2", account_number=WEI, customer_name="韦小明")
    assert named == {"outcome": "verified", "level": 1, "account_tail": "0001"}
    assert client.get("/api/billing/due?conversation=c-1").status_code == 200
    refused = client.get("/api/billing/bill?conversation=c-1")
    assert (refused.status_code, refused.json()["error"], refused.json()["level_needed"]) == (
        403,
        "IdentityRequired",
        2,
    )
    assert check(client, "3", id_last4="123x")["level"] == 2
    assert client.get("/api/billing/bill?conversation=c-1").status_code == 200


def test_the_callers_number_counts_by_itself(client: TestClient, says: Says) -> None:
    says("c-1", caller="13907760001")
    assert check(client, "1") == {"outcome": "verified", "level": 1, "account_tail": "0001"}
    assert client.get("/api/conversations/c-1/caller").json() == {
        "caller_known": True,
        "caller_tail": "0001",
        "account_tail": "0001",
        "level": 1,
        "address": None,
        "control": "bot",
        "last_order": None,
    }


def test_the_address_is_shown_on_level_two_and_the_look_is_in_the_trail(
    client: TestClient, sessions: sessionmaker[Session]
) -> None:
    check(client, "1", account_number=WEI, customer_name="韦小明", id_last4="123X")
    assert client.get("/api/conversations/c-1/caller").json()["address"] == "百色市右江区中山二路8号"
    with sessions() as session:
        seen = session.scalars(select(AuditRecord).where(AuditRecord.kind == "personal.seen")).all()
        assert [row.data["what"] for row in seen] == ["address"]


def test_one_conversation_proves_nothing_for_another(client: TestClient) -> None:
    check(client, "1", account_number=WEI, customer_name="韦小明", id_last4="123X")
    assert client.get("/api/billing/due?conversation=c-2").status_code == 403


def test_proof_of_one_account_is_no_proof_of_another(client: TestClient) -> None:
    check(client, "1", account_number=WEI, customer_name="韦小明", id_last4="123X")
    assert check(client, "2", account_number=QIN, id_last4="0527")["outcome"] == "incomplete"


def test_a_name_without_any_account_is_incomplete_and_not_counted(client: TestClient) -> None:
    for turn in range(4):
        assert check(client, f"{turn}", customer_name="韦小明")["outcome"] == "incomplete"


@pytest.mark.parametrize(
    "given",
    [
        {"customer_name": "覃丽华"},
        {"customer_name": "韦小明", "id_last4": "0000"},
        {"customer_name": "覃丽华", "id_last4": "123X"},
        {"customer_name": "韦小明", "code": "000000"},
    ],
)
def test_a_refusal_is_the_same_whatever_was_wrong_and_whether_the_account_exists(
    client: TestClient, given: dict[str, str]
) -> None:
    known = check(client, "1", account_number=WEI, **given)
    unknown = check(client, "2", conversation="c-2", account_number=NOBODY, **given)
    assert known == unknown == {"outcome": "refused", "level": 0, "account_tail": None}


@pytest.mark.parametrize("given", [{}, {"id_last4": "123X"}, {"id_last4": "0000"}, {"code": "123456"}])
def test_an_incomplete_answer_does_not_tell_whether_the_account_exists(
    client: TestClient, given: dict[str, str]
) -> None:
    known = check(client, "1", account_number=WEI, **given)
    unknown = check(client, "2", conversation="c-2", account_number=NOBODY, **given)
    assert known == unknown
    assert known["outcome"] == "incomplete"


@pytest.mark.parametrize("number", [WEI, NOBODY])
def test_three_wrong_tries_lock_the_account_across_conversations(client: TestClient, number: str) -> None:
    outcomes = [
        check(client, f"{turn}", conversation=f"c-{turn}", account_number=number, customer_name="错误人")["outcome"]
        for turn in range(3)
    ]
    assert outcomes == ["refused", "refused", "locked"]
    right = check(client, "9", conversation="c-9", account_number=number, customer_name="韦小明", id_last4="123X")
    assert right == {"outcome": "locked", "level": 0, "account_tail": None}


def test_three_wrong_tries_lock_the_conversation_for_other_accounts(client: TestClient) -> None:
    for number in (WEI, QIN, NOBODY):
        last = check(client, number, account_number=number, customer_name="错误人")
    assert last["outcome"] == "locked"
    assert check(client, "x", account_number="0602100123450003", customer_name="黄志强")["outcome"] == "locked"


def test_three_wrong_tries_lock_the_callers_number(client: TestClient, says: Says) -> None:
    for turn in range(4):
        says(f"call-{turn}", caller="13800000000")
    for turn in range(3):
        check(
            client,
            f"{turn}",
            conversation=f"call-{turn}",
            account_number=f"06021001234500{10 + turn}",
            customer_name="错",
        )
    late = check(client, "9", conversation="call-3", account_number=WEI, customer_name="韦小明")
    assert late["outcome"] == "locked"


def test_a_lock_takes_back_what_the_conversation_had_proven(client: TestClient) -> None:
    check(client, "0", account_number=WEI, customer_name="韦小明")
    for turn in "123":
        check(client, turn, id_last4="0000")
    assert client.get("/api/billing/due?conversation=c-1").status_code == 403


def test_a_repeated_check_is_counted_once_and_answered_alike(client: TestClient) -> None:
    first = check(client, "1", account_number=WEI, customer_name="错误人")
    assert [check(client, "1", account_number=WEI, customer_name="错误人") for _ in range(4)] == [first] * 4
    assert check(client, "2", account_number=WEI, customer_name="韦小明")["outcome"] == "verified"


def test_tries_older_than_the_window_no_longer_count(sessions: sessionmaker[Session]) -> None:
    def at_hour(hour: int, key: str, name: str) -> str:
        with sessions.begin() as session:
            given = Evidence(account_number=WEI, customer_name=name)
            at = now() + timedelta(hours=hour)
            return identity.check(session, given, key=key, conversation=key, at=at, actor="test").outcome

    assert [at_hour(0, f"{n}", "错误人") for n in range(3)][-1] == "locked"
    assert at_hour(23, "a", "韦小明") == "locked"
    assert at_hour(25, "b", "韦小明") == "verified"


def test_parallel_wrong_tries_are_all_counted(client: TestClient, sessions: sessionmaker[Session]) -> None:
    def attempt(turn: int) -> str:
        outcome: str = check(client, f"{turn}", conversation=f"c-{turn}", account_number=WEI, customer_name="错误人")[
            "outcome"
        ]
        return outcome

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(attempt, range(6)))
    assert sorted(outcomes) == ["locked"] * 4 + ["refused"] * 2
    with sessions() as session:
        assert len(session.scalars(select(IdentityCheck).where(IdentityCheck.wrong)).all()) == 3


def test_a_number_of_nine_digits_is_refused_by_name(client: TestClient) -> None:
    answer = client.post(
        "/api/identity/checks", json={"key": "1", "conversation": "c-1", "account_number": "123456789"}
    )
    assert answer.status_code == 422
    assert answer.json() == {
        "error": "InvalidAccountNumber",
        "detail": "an account number has 10 to 16 digits, this one has 9",
    }


def test_checks_are_audited_without_personal_data(client: TestClient, sessions: sessionmaker[Session]) -> None:
    check(client, "1", account_number=WEI, customer_name="韦小明")
    with sessions() as session:
        row = session.scalars(select(AuditRecord).where(AuditRecord.kind == "identity.checked")).one()
        assert row.subject == "conversation:c-1"
        assert row.data["outcome"] == "verified"
        assert "韦" not in str(row.data) and WEI not in str(row.data)

"""One person is forgotten, wherever they stand; another is not; killed anywhere, the rest follows."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.audit.proof import sign, verdict
from tests.ticketing.conftest import DATA_KEY
from tests.ticketing.retention.conftest import OTHER, PHONE, WORDS, Lives, in_clear
from ticketing.audit.models import AuditRecord
from ticketing.audit.sealing import seal_all
from ticketing.conversations.models import Message
from ticketing.customers.models import Account, Standing
from ticketing.db import now
from ticketing.retention import erasing, holds
from ticketing.retention.models import Erasure
from ticketing.retention.persons import How
from ticketing.retention.scope import Store
from ticketing.work_orders.models import WorkOrder

ASKED = {"by": "韦晓岚", "reason": "客户要求删除"}


@pytest.mark.parametrize("who", [{"phone": PHONE}, {"conversation": "c-1"}])
def test_a_person_goes_and_another_stays(
    demo: TestClient, sessions: sessionmaker[Session], lives: Lives, tmp_path: Path, who: dict[str, str]
) -> None:
    lives("c-1")
    lives("c-2", phone=OTHER)
    stood = in_clear(sessions, OTHER)
    seal_all(sessions)
    sign(sessions, tmp_path)
    answer = demo.post("/api/retention/erasures", json={**ASKED, **who})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["conversations"], told["left"], bool(told["finished_at"])) == (["c-1"], [], True)
    assert (told["erased"]["messages"], told["erased"]["orders"], told["erased"]["audit_texts"]) == (2, 2, 3)
    assert any(each["days"] == 30 for each in told["elsewhere"])
    assert in_clear(sessions, PHONE) == []
    assert in_clear(sessions, OTHER) == stood
    with sessions() as session:
        kinds = session.scalars(select(AuditRecord.kind).where(AuditRecord.subject == "conversation:c-1")).all()
        row = session.scalars(select(Erasure)).one()
    assert kinds[-1] == "personal.erased"
    assert row.who is None
    seal_all(sessions)
    assert verdict(sessions, tmp_path).wrong is None
    again = demo.post("/api/retention/erasures", json={**ASKED, **who}).json()
    assert (again["erased"], bool(again["finished_at"])) == ({}, True)


@pytest.mark.usefixtures("town")
def test_an_account_leads_to_the_conversations_that_proved_it(
    demo: TestClient, client: TestClient, sessions: sessionmaker[Session], lives: Lives
) -> None:
    lives("c-1", phone="13100000001")
    with sessions.begin() as session:
        account = session.scalars(select(Account).order_by(Account.id)).first()
        assert account is not None
        session.add(Standing(conversation="c-1", account_id=account.id, level=2, at=now()))
        number = account.number
    told = demo.post("/api/retention/erasures", json={**ASKED, "account": number}).json()
    assert told["conversations"] == ["c-1"]
    assert told["erased"]["standings"] == 1
    assert in_clear(sessions, "13100000001") == []


def test_what_cannot_go_yet_is_named_and_goes_later(
    demo: TestClient, sessions: sessionmaker[Session], lives: Lives, places: tuple[Store, ...]
) -> None:
    for conversation, state in (("done", "archived"), ("held", "archived"), ("open", "dispatched")):
        lives(conversation, state=state)
    held = demo.post("/api/retention/holds", json={**ASKED, "conversation": "held"}).json()["id"]
    told = demo.post("/api/retention/erasures", json={**ASKED, "phone": PHONE}).json()
    assert told["left"] == [
        {"conversation": "held", "why": "held"},
        {"conversation": "open", "why": "order_open"},
    ]
    assert told["finished_at"] is None
    same = demo.post("/api/retention/erasures", json={**ASKED, "phone": PHONE}).json()
    assert (same["id"], same["erased"]) == (told["id"], told["erased"])
    with sessions() as session:
        kept = session.execute(
            select(Message.conversation, func.count()).where(Message.erased_at.is_(None)).group_by(Message.conversation)
        ).all()
    assert {row[0]: row[1] for row in kept} == {"held": 2, "open": 2}

    refused = demo.post(f"/api/retention/holds/{held}/lift", json=ASKED)
    assert (refused.status_code, refused.json()["error"]) == (409, "SamePerson")
    lifted = demo.post(f"/api/retention/holds/{held}/lift", json={**ASKED, "by": "黄志强"})
    assert (lifted.status_code, lifted.json()["lifted_by"]) == (200, "黄志强")
    assert demo.post(f"/api/retention/holds/{held}/lift", json=ASKED).json()["error"] == "HoldLifted"
    with sessions.begin() as session:
        session.execute(update(WorkOrder).values(state="archived"))
    erasing.proceed(sessions, told["id"], places)
    assert demo.get(f"/api/retention/erasures/{told['id']}").json()["finished_at"]
    assert in_clear(sessions, PHONE) == []


def test_the_reason_is_not_in_the_trail_in_clear(
    demo: TestClient, sessions: sessionmaker[Session], lives: Lives
) -> None:
    lives("c-1")
    demo.post("/api/retention/holds", json={**ASKED, "conversation": "c-1"})
    with sessions() as session:
        for row in session.scalars(select(AuditRecord)):
            assert "客户要求删除" not in str(row.data)
            assert PHONE not in str(row.data)


def test_who_is_meant_must_be_said_once(demo: TestClient, bot: TestClient) -> None:
    both = {**ASKED, "phone": PHONE, "conversation": "c-1"}
    assert demo.post("/api/retention/erasures", json=both).status_code == 422
    assert demo.post("/api/retention/erasures", json=ASKED).status_code == 422
    assert bot.post("/api/retention/erasures", json={**ASKED, "phone": PHONE}).status_code == 403


def test_killed_at_any_moment_the_rest_follows(
    sessions: sessionmaker[Session], lives: Lives, places: tuple[Store, ...], database_url: str, tmp_path: Path
) -> None:
    for number in range(12):
        lives(f"c-{number}")
    seal_all(sessions)
    sign(sessions, tmp_path)
    with sessions.begin() as session:
        wish = erasing.ask(session, how=How.PHONE, value=PHONE, by="韦晓岚", reason="删除", at=now()).id
    command = [sys.executable, "-m", "tests.ticketing.retention.eraser", database_url, str(wish), str(tmp_path)]
    for batches in (1, 3, 6, 9):
        worker = subprocess.Popen([*command, DATA_KEY], stdout=subprocess.PIPE, text=True)
        assert worker.stdout is not None
        for _ in range(batches):
            assert worker.stdout.readline()
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
    with sessions() as session:
        half = erasing.find(session, wish)
        assert half.finished_at is None
        assert half.erased
    time.sleep(0.1)  # PostgreSQL notices that its client is gone
    erasing.proceed(sessions, wish, places)
    assert in_clear(sessions, PHONE, WORDS) == []
    with sessions() as session:
        done = erasing.find(session, wish)
        batches_told = session.scalars(select(AuditRecord).where(AuditRecord.kind == "erasure.erased")).all()
    assert done.finished_at is not None
    assert (done.erased["messages"], done.erased["orders"]) == (24, 24)
    told: dict[str, int] = {}
    for each in batches_told:
        told[each.data["item"]] = told.get(each.data["item"], 0) + each.data["rows"]
    assert told == done.erased
    seal_all(sessions)
    assert verdict(sessions, tmp_path).wrong is None


def test_a_hold_that_comes_while_it_is_erased_keeps_what_is_left(
    sessions: sessionmaker[Session], lives: Lives, places: tuple[Store, ...]
) -> None:
    lives("c-1")
    with sessions.begin() as session:
        wish = erasing.ask(session, how=How.PHONE, value=PHONE, by="韦晓岚", reason="删除", at=now()).id

    class HoldFirst:
        """The store of the messages, with a hold that is placed between looking and erasing."""

        def __init__(self, store: Store) -> None:
            self._store, self.item = store, store.item

        def __getattr__(self, name: str) -> object:
            return getattr(self._store, name)

        def pick(self, *given: object, **named: object) -> object:
            keys = self._store.pick(*given, **named)  # type: ignore[arg-type]
            with sessions.begin() as session:
                holds.place(session, "c-1", by="黄志强", reason="争议", at=now())
            return keys

    messages = next(store for store in places if store.item == "messages")
    erasing.proceed(sessions, wish, [HoldFirst(messages)])  # type: ignore[list-item]
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(Message).where(Message.erased_at.is_not(None))) == 0

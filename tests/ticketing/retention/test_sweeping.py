"""What was kept long enough goes, what is younger, held or still worked on stays, and the chain stays whole."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.audit.proof import sign, verdict
from tests.ticketing.retention.conftest import LONG_AGO, PHONE, WORDS, Lives, in_clear
from ticketing.audit.models import AuditRecord
from ticketing.audit.sealing import seal_all
from ticketing.automation import evidence
from ticketing.automation.models import Evidence
from ticketing.conversations import reading
from ticketing.conversations.models import Conversation
from ticketing.db import now
from ticketing.outbox.models import OutboxEntry
from ticketing.retention import holds, rules
from ticketing.retention.nightly import Nightly
from ticketing.retention.scope import Store
from ticketing.retention.sweeping import plan, sweep
from ticketing.work_orders.models import WorkOrder

BOOK = rules.load()


def test_old_words_go_and_numbers_talk_tracks_times_and_the_chain_stay(
    sessions: sessionmaker[Session], places: tuple[Store, ...], lives: Lives, tmp_path: Path
) -> None:
    number = lives("c-1")
    seal_all(sessions)
    sign(sessions, tmp_path)
    assert "messages.text" in in_clear(sessions, WORDS, PHONE)
    with sessions() as session:
        before = plan(session, places, BOOK, at=now())
    done = sweep(sessions, places, BOOK, at=now())
    assert done["erased"] == before["due"]
    assert done["erased"]["messages"] == 2
    assert in_clear(sessions, WORDS, PHONE) == []
    with sessions() as session:
        shown = reading.whole(session, "c-1")
        order = session.get_one(WorkOrder, number)
        records = session.scalars(select(AuditRecord).where(AuditRecord.kind == "retention.erased")).all()
    assert [(each["talk_track"], each["version"], each["at"], each["text"]) for each in shown["messages"]] == [
        (None, None, LONG_AGO, ""),
        ("utter_ask", 0, LONG_AGO, ""),
    ]
    assert (order.number, order.kind, order.state, order.description) == (number, "outage", "archived", "")
    assert {each.data["item"]: each.data["rows"] for each in records}["audit_texts"] == 3
    seal_all(sessions)
    assert verdict(sessions, tmp_path).wrong is None
    assert sum(sweep(sessions, places, BOOK, at=now())["erased"].values()) == 0


def test_young_rows_and_work_that_goes_on_stay(
    sessions: sessionmaker[Session], places: tuple[Store, ...], lives: Lives
) -> None:
    lives("young", at=now() - timedelta(days=20))
    lives("open", state="dispatched")
    sweep(sessions, places, BOOK, at=now())
    with sessions() as session:
        young, still_open = (session.get_one(Conversation, each) for each in ("young", "open"))
        orders = session.scalars(select(WorkOrder).where(WorkOrder.conversation == "open")).all()
        texts = [each["text"] for each in reading.whole(session, "young")["messages"]]
    assert young.caller == still_open.caller == PHONE
    assert {order.contact_phone for order in orders} == {PHONE}
    assert texts[0] == WORDS


def test_what_is_held_stays_and_is_named_and_goes_when_another_person_lifts_it(
    sessions: sessionmaker[Session], places: tuple[Store, ...], lives: Lives
) -> None:
    lives("c-1")
    lives("c-2", phone="13907760002")
    stood = in_clear(sessions, PHONE)
    with sessions.begin() as session:
        hold = holds.place(session, "c-1", by="韦晓岚", reason="客户投诉到监管机构", at=now()).id
    with sessions() as session:
        planned = plan(session, places, BOOK, at=now())
    assert planned["held"] == ["c-1"]
    assert planned["kept_by_holds"]["messages"] == 2
    done = sweep(sessions, places, BOOK, at=now())
    assert done["held"] == ["c-1"]
    assert in_clear(sessions, PHONE) == stood
    assert in_clear(sessions, "13907760002") == []
    with sessions.begin() as session:
        holds.lift(session, hold, by="黄志强", reason="已了结", at=now())
    sweep(sessions, places, BOOK, at=now())
    assert in_clear(sessions, PHONE) == []


def test_sendings_go_a_month_after_they_were_sent_and_not_while_they_wait(
    sessions: sessionmaker[Session], places: tuple[Store, ...]
) -> None:
    with sessions.begin() as session:
        for key, is_done in (("sent", True), ("waits", False)):
            entry = OutboxEntry(kind="sms", key=key, payload=WORDS, created=LONG_AGO, next_at=LONG_AGO, attempts=0)
            entry.done_at = LONG_AGO if is_done else None
            session.add(entry)
    sweep(sessions, places, BOOK, at=now())
    with sessions() as session:
        payloads = {each.key: each.payload for each in session.scalars(select(OutboxEntry))}
    assert payloads == {"sent": "{}", "waits": WORDS}


def test_a_robots_picture_goes_with_its_file(
    sessions: sessionmaker[Session], places: tuple[Store, ...], lives: Lives, tmp_path: Path
) -> None:
    number = lives("c-1")
    with sessions.begin() as session:
        evidence.keep(session, tmp_path, order=number, step="register:2", name="page", picture=b"PNG", at=LONG_AGO)
    [file] = (tmp_path / "evidence").rglob("*.sealed")
    sweep(sessions, places, BOOK, at=now())
    assert not file.exists()
    with sessions() as session:
        assert session.scalars(select(Evidence)).one().erased_at is not None


def test_a_customer_who_comes_back_is_not_forgotten_twice_with_the_old_mark(
    sessions: sessionmaker[Session], places: tuple[Store, ...], lives: Lives
) -> None:
    lives("c-1")
    sweep(sessions, places, BOOK, at=now())
    with sessions.begin() as session:
        back = LONG_AGO + timedelta(days=1)
        session.execute(update(Conversation).values(caller=PHONE, last_activity=back, erased_at=LONG_AGO))
    assert in_clear(sessions, PHONE) == ["conversations.caller"]
    sweep(sessions, places, BOOK, at=now())
    assert in_clear(sessions, PHONE) == []


@pytest.mark.parametrize(("hour", "runs"), [(3, 1), (4, 0)])
def test_the_rules_are_applied_once_a_night(
    sessions: sessionmaker[Session], places: tuple[Store, ...], hour: int, runs: int
) -> None:
    nightly = Nightly(sessions, places, BOOK, hour=hour)
    night = LONG_AGO.replace(hour=19)  # 03:06 in Shanghai
    for minutes in (0, 5, 10):
        assert nightly.round(night + timedelta(minutes=minutes)) == 0
    with sessions() as session:
        found = session.scalars(select(AuditRecord).where(AuditRecord.kind == "retention.run")).all()
    assert len(found) == runs

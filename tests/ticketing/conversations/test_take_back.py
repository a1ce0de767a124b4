"""Who waits in vain gets a call-back and the bot, once, whoever looks; a person who comes in time wins."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from structlog.testing import capture_logs

from tests.ticketing.conversations.conftest import AT, wish
from ticketing.audit.service import trail
from ticketing.conversations import desk, handoffs
from ticketing.conversations.models import Conversation
from ticketing.conversations.schemas import Recorded
from ticketing.conversations.take_back import take_back, take_back_all
from ticketing.outbox.models import OutboxEntry
from ticketing.work_orders.models import WorkOrder

Say = Callable[..., Recorded]
Sessions = sessionmaker[Session]
LATE = AT + timedelta(seconds=181)


@pytest.fixture
def waiting(say: Say, sessions: Sessions, on_duty: None) -> None:
    say(caller="13907760001")
    with sessions.begin() as session:
        handoffs.ask_person(session, "c-1", wish(), actor="bot", at=AT)


@pytest.mark.usefixtures("waiting", "words")
def test_several_processes_look_and_one_takes_back(sessions: Sessions) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: take_back_all(sessions, limit_s=180, at=LATE), range(4)))
    assert sum(done) == 1
    with sessions() as session:
        conversation = session.get_one(Conversation, "c-1")
        [order] = session.scalars(select(WorkOrder)).all()
        [entry] = session.scalars(select(OutboxEntry).filter_by(kind="outgoing")).all()
        [taken_back] = [each for each in trail(session) if each.kind == "conversation.taken_back"]
    assert (conversation.control, conversation.epoch, conversation.waiting_since) == ("bot", 1, None)
    assert (order.kind, order.contact_phone) == ("callback", "13907760001")
    words = json.loads(entry.payload)
    assert (words["text"], words["talk_track"], words["version"], words["control"]) == (
        f"已登记回电{order.number}。",
        "utter_callback_arranged",
        1,
        "bot",
    )
    assert taken_back.data == {"order": order.number, "waited_s": 181}


@pytest.mark.usefixtures("waiting", "words")
def test_before_the_limit_nobody_is_taken_back(sessions: Sessions) -> None:
    assert take_back_all(sessions, limit_s=182, at=LATE) == 0


@pytest.mark.usefixtures("waiting", "words")
def test_a_person_who_came_meanwhile_keeps_the_conversation(sessions: Sessions) -> None:
    with sessions.begin() as session:
        desk.take(session, "c-1", agent="韦晓岚", at=LATE)
    with sessions.begin() as session:
        assert not take_back(session, "c-1", waiting_since=AT, at=LATE)
        assert session.get_one(Conversation, "c-1").control == "agent"
        assert session.scalars(select(WorkOrder)).all() == []


@pytest.mark.usefixtures("waiting", "words")
def test_a_new_wish_after_that_leads_into_the_queue_again(sessions: Sessions) -> None:
    take_back_all(sessions, limit_s=180, at=LATE)
    with sessions.begin() as session:
        again = handoffs.ask_person(session, "c-1", wish("k-2"), actor="bot", at=LATE)
    assert (again.control, again.position) == ("waiting", 1)
    later = LATE + timedelta(seconds=181)
    assert take_back_all(sessions, limit_s=180, at=later) == 1
    with sessions() as session:
        assert len(session.scalars(select(WorkOrder)).all()) == 1
        assert len(session.scalars(select(OutboxEntry).filter_by(kind="outgoing")).all()) == 2


@pytest.mark.usefixtures("waiting")
def test_one_that_cannot_be_told_is_logged_and_stays_in_the_queue(sessions: Sessions) -> None:
    with capture_logs() as logs:
        assert take_back_all(sessions, limit_s=180, at=LATE) == 0
    assert [(each["event"], each["error"]) for each in logs] == [("take_back_refused", "NothingToSay")]
    with sessions() as session:
        assert session.get_one(Conversation, "c-1").control == "waiting"
        assert session.scalars(select(WorkOrder)).all() == []

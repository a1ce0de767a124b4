"""What was said while ticketing was down comes in later: once, in order, with its own times."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.conversations.conftest import AT, turn
from ticketing.conversations.models import Conversation, Delivery, Message
from ticketing.conversations.schemas import Answered, Recorded, SpooledEntry
from ticketing.conversations.service import record_replies
from ticketing.conversations.spool import record_spooled

LATER = AT + timedelta(minutes=9)


def entries(*more: dict[str, Any]) -> list[SpooledEntry]:
    heard = {"key": "m-1", "at": AT, "channel": "web", "speaker": "customer", "text": "停电了", "reply_to": "web:c-9"}
    said = {
        "key": "m-1:0",
        "at": AT + timedelta(seconds=1),
        "channel": "web",
        "speaker": "bot",
        "talk_track": "utter_x",
        "version": 0,
        "slots": {"address": "中山路"},
        "text": "默认的话",
    }
    return [SpooledEntry.model_validate(each) for each in (heard, said, *more)]


def put(sessions: sessionmaker[Session], given: list[SpooledEntry]) -> int:
    with sessions.begin() as session:
        return record_spooled(session, "c-1", given, at=LATER)


def test_they_keep_their_times_and_order_and_open_the_conversation(sessions: sessionmaker[Session]) -> None:
    assert put(sessions, entries()) == 2
    with sessions() as session:
        messages = session.scalars(select(Message).order_by(Message.seq)).all()
        conversation = session.get_one(Conversation, "c-1")
    assert [(each.id, each.speaker, each.at, each.recorded_at) for each in messages] == [
        ("m-1", "customer", AT, LATER),
        ("m-1:0", "bot", AT + timedelta(seconds=1), LATER),
    ]
    assert (messages[1].text, messages[1].version) == ("默认的话", 0)
    assert set(messages[1].slots["address"]) == {"hash"}
    assert (conversation.reply_to, conversation.opened) == ("web:c-9", AT)


def test_drained_twice_they_stand_once(sessions: sessionmaker[Session]) -> None:
    put(sessions, entries())
    more = {"key": "m-2", "at": LATER, "channel": "web", "speaker": "customer", "text": "还在吗"}
    assert put(sessions, entries(more)) == 3
    with sessions() as session:
        assert session.scalars(select(Message.id).order_by(Message.seq)).all() == ["m-1", "m-1:0", "m-2"]


def test_a_sentence_that_had_arrived_after_all_is_not_doubled(
    say: Callable[..., Recorded], sessions: sessionmaker[Session]
) -> None:
    say("m-1")
    put(sessions, entries())
    with sessions() as session:
        assert session.scalars(select(Message.id).order_by(Message.seq)).all() == ["m-1", "m-1:0"]
        assert session.get_one(Conversation, "c-1").reply_to == "web:c-9"


SPOKEN = {"key": "m-1:0", "at": AT, "channel": "web", "speaker": "bot", "text": "默认的话", "turn": "m-1"}
"""What the front door said for turn `m-1` when ticketing took too long."""


@pytest.mark.usefixtures("words")
def test_an_answer_that_was_too_late_to_be_spoken_is_on_record_as_dropped(
    say: Callable[..., Recorded], sessions: sessionmaker[Session]
) -> None:
    say("m-1")
    with sessions.begin() as session:
        late = record_replies(session, "c-1", turn("m-1"), at=AT)
    assert isinstance(late, Answered)
    for _ in range(2):  # drained twice
        put(sessions, [SpooledEntry.model_validate(SPOKEN)])
    with sessions() as session:
        assert session.scalars(select(Message.id).order_by(Message.seq)).all() == ["m-1", late.replies[0].id, "m-1:0"]
        fates = session.execute(select(Delivery.message, Delivery.state)).all()
    assert [tuple(fate) for fate in fates] == [(late.replies[0].id, "dropped")]


@pytest.mark.usefixtures("words")
def test_an_answer_that_comes_after_it_was_spoken_without_us_is_not_written_again(
    say: Callable[..., Recorded], sessions: sessionmaker[Session]
) -> None:
    say("m-1")
    put(sessions, [SpooledEntry.model_validate({**SPOKEN, "talk_track": "utter_created", "version": 0})])
    for _ in range(2):
        with sessions.begin() as session:
            answered = record_replies(session, "c-1", turn("m-1"), at=LATER)
        assert isinstance(answered, Answered)
        assert [(each.id, each.text) for each in answered.replies] == [("m-1:0", "默认的话")]
    with sessions() as session:
        assert session.scalars(select(Message.id).order_by(Message.seq)).all() == ["m-1", "m-1:0"]
        assert session.scalars(select(Delivery)).all() == []


def test_nothing_spooled_opens_nothing(sessions: sessionmaker[Session]) -> None:
    assert put(sessions, []) == 0
    with sessions() as session:
        assert session.get(Conversation, "c-1") is None

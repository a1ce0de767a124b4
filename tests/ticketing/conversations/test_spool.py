"""What was said while ticketing was down comes in later: once, in order, with its own times."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.conversations.conftest import AT
from ticketing.conversations.models import Conversation, Message
from ticketing.conversations.schemas import Recorded, SpooledEntry
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


def test_nothing_spooled_opens_nothing(sessions: sessionmaker[Session]) -> None:
    assert put(sessions, []) == 0
    with sessions() as session:
        assert session.get(Conversation, "c-1") is None

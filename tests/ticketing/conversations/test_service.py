"""Recording turns: order, repeats, fences, versions, and what is kept of personal data."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker
from structlog.testing import capture_logs

from tests.ticketing.conversations.conftest import AT, turn
from ticketing.audit.service import trail
from ticketing.conversations import desk, models, service
from ticketing.conversations.errors import ConversationNotFound, IdTaken, StaleEpoch, TextTooLong
from ticketing.conversations.models import Conversation, Message
from ticketing.conversations.schemas import Answered, Recorded, Turn

Say = Callable[..., Recorded]
Sessions = sessionmaker[Session]


def answer(sessions: Sessions, made: Turn, *, conversation: str = "c-1") -> Answered | StaleEpoch:
    with sessions.begin() as session:
        return service.record_replies(session, conversation, made, at=AT)


def test_sentences_are_numbered_and_a_repeated_one_keeps_its_place(say: Say) -> None:
    assert say("m-1") == Recorded(seq=1, control="bot", epoch=1, repeated=False)
    assert say("m-2").seq == 2
    assert say("m-1", text="something else") == Recorded(seq=1, control="bot", epoch=1, repeated=True)
    assert say("m-1", conversation="c-2").seq == 1


def test_sentences_that_arrive_together_get_numbers_without_gap_or_double(say: Say, sessions: Sessions) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = [each.seq for each in pool.map(say, [f"m-{n % 20}" for n in range(40)])]
    assert sorted(set(numbers)) == list(range(1, 21))
    assert numbers[:20] != [] and {n: numbers.count(n) for n in numbers} == dict.fromkeys(range(1, 21), 2)
    with sessions() as session:
        assert session.scalars(select(Message.seq).order_by(Message.seq)).all() == list(range(1, 21))
        kinds = [each.kind for each in trail(session, subject="conversation:c-1")]
    assert (kinds.count("conversation.opened"), kinds.count("conversation.heard"), len(kinds)) == (1, 20, 21)


def test_what_the_customer_said_is_not_readable_in_the_database(say: Say, sessions: Sessions) -> None:
    say(text="我住在中山二路8号", caller="13907760001")
    with sessions() as session:
        rows = session.execute(text("SELECT text FROM messages")).all()
        heads = session.execute(text("SELECT caller, reply_to, caller_index FROM conversations")).one()
    assert "中山".encode() not in bytes(rows[0][0])
    assert b"1390776" not in bytes(heads[0]) and "1390776" not in heads[2]


def test_the_callers_number_counts_once_known_and_never_changes(say: Say, sessions: Sessions) -> None:
    say("m-1", caller=None)
    say("m-2", caller="13907760001")
    say("m-3", caller="13900000000", reply_to="web:new")
    with sessions() as session:
        conversation = session.get_one(Conversation, "c-1")
    assert (conversation.caller, conversation.reply_to) == ("13907760001", "web:new")


def test_a_text_that_is_too_long_is_refused_and_nothing_is_recorded(say: Say, sessions: Sessions) -> None:
    assert say("m-1", text="字" * 4000).seq == 1
    with pytest.raises(TextTooLong, match="4001"):
        say("m-2", text="字" * 4001)
    with pytest.raises(TextTooLong):
        say("m-3", conversation="c-2", text="字" * 4001)
    with sessions() as session:
        assert session.get_one(Conversation, "c-1").last_seq == 1
        assert session.get(Conversation, "c-2") is None


@pytest.mark.usefixtures("words")
def test_a_turn_is_rendered_recorded_and_concealed(say: Say, sessions: Sessions) -> None:
    say()
    made = answer(
        sessions,
        turn(
            decision={
                "intent": "report_outage",
                "confidence": 0.97,
                "decision": "accept",
                "entities": [{"entity": "address", "value": "右江区"}],
            }
        ),
    )
    assert isinstance(made, Answered)
    [said] = made.replies
    assert (said.text, said.version) == ("已登记WO1，地址右江区中山二路8号。", 1)
    with sessions() as session:
        kept = session.scalars(select(Message).where(Message.id == said.id)).one()
        decision = session.get_one(models.Turn, ("c-1", "m-1"))
        raw = session.execute(text("SELECT entities FROM turns")).scalar_one()
    assert (kept.seq, kept.speaker, kept.talk_track, kept.text) == (2, "bot", "utter_created", said.text)
    assert kept.slots["order_number"] == "WO1" and set(kept.slots["address"]) == {"hash"}
    assert (decision.intent, decision.decision) == ("report_outage", "accept")
    assert "右江".encode() not in bytes(raw) and "右江区" in (decision.entities or "")


@pytest.mark.usefixtures("words")
def test_a_repeated_turn_gets_the_same_words_once(say: Say, sessions: Sessions) -> None:
    say()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: answer(sessions, turn()), range(6)))
    assert all(each == answers[0] for each in answers)
    with sessions() as session:
        assert session.get_one(Conversation, "c-1").last_seq == 2


@pytest.mark.usefixtures("words", "on_duty")
def test_words_made_before_a_person_came_are_dropped_and_counted_once(say: Say, sessions: Sessions) -> None:
    say()
    with sessions.begin() as session:
        desk.take(session, "c-1", agent="韦晓岚", at=AT)
    for _ in range(2):
        refused = answer(sessions, turn())
        assert isinstance(refused, StaleEpoch)
        assert refused.extra == {"control": "agent", "epoch": 2}
    assert isinstance(answer(sessions, turn("m-2", epoch=2)), StaleEpoch)
    with sessions() as session:
        assert session.get_one(Conversation, "c-1").dropped == 2
        dropped = [each.data for each in trail(session) if each.kind == "conversation.words_dropped"]
        spoken = session.scalars(select(Message.talk_track).where(Message.speaker == "bot")).all()
    assert [each["turn"] for each in dropped] == ["m-1", "m-2"]
    assert dropped[0]["talk_tracks"] == ["utter_created"]
    assert spoken == []


@pytest.mark.usefixtures("words")
def test_unpublished_words_and_missing_slots_are_said_as_version_0(say: Say, sessions: Sessions) -> None:
    say()
    replies = [
        {
            "talk_track": "utter_unknown",
            "slots": {"x": "1"},
            "default": "默认{x}",
            "buttons": [{"title": "是", "payload": "是的"}],
        },
        {"talk_track": "utter_created", "slots": {"order_number": "WO1"}, "default": "已登记。"},
    ]
    with capture_logs() as logs:
        made = answer(sessions, turn(replies=replies))
    assert isinstance(made, Answered)
    assert [(each.text, each.version) for each in made.replies] == [("默认1", 0), ("已登记。", 0)]
    assert made.replies[0].buttons[0].payload == "是的"
    assert [each["event"] for each in logs] == ["talk_track_slot_missing"]
    assert logs[0]["slots"] == ["address"]
    with sessions() as session:
        slots = session.scalars(select(Message.slots).where(Message.speaker == "bot").order_by(Message.seq)).all()
    assert set(slots[0]["x"]) == {"hash"}


@pytest.mark.usefixtures("words")
def test_a_turn_without_words_is_kept_with_its_decision(say: Say, sessions: Sessions) -> None:
    say()
    silent = turn(replies=[], decision={"intent": "wait", "confidence": 0.8, "decision": "accept", "entities": []})
    assert answer(sessions, silent) == answer(sessions, silent) == Answered(replies=[], control="bot", epoch=1)
    with sessions() as session:
        assert session.get_one(models.Turn, ("c-1", "m-1")).intent == "wait"


def test_a_turn_of_nothing_known_is_refused(sessions: Sessions) -> None:
    with pytest.raises(ConversationNotFound):
        answer(sessions, turn(), conversation="c-404")


@pytest.mark.usefixtures("words")
def test_the_id_of_the_bots_words_is_no_customers_id(say: Say, sessions: Sessions) -> None:
    say()
    made = answer(sessions, turn())
    assert isinstance(made, Answered)
    with pytest.raises(IdTaken):
        say(made.replies[0].id)

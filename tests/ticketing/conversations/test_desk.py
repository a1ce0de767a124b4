"""The desk: duty, queue, taking, speaking, giving back; each step recorded, announced and sent."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.conversations.conftest import AT, wish
from ticketing.audit.service import trail
from ticketing.conversations import desk, handoffs
from ticketing.conversations.control import Control, State
from ticketing.conversations.errors import NotOnDuty, NotYours, TakenByAnother
from ticketing.conversations.models import Conversation, DeskAgent, Message, Stint
from ticketing.conversations.schemas import AgentMessage, Duty, Recorded
from ticketing.conversations.seed import seed_desk
from ticketing.outbox.models import OutboxEntry

Say = Callable[..., Recorded]
Sessions = sessionmaker[Session]
CONTRACTS = Path(__file__).parents[2] / "contracts"


def take(sessions: Sessions, agent: str = "韦晓岚") -> State:
    with sessions.begin() as session:
        return desk.take(session, "c-1", agent=agent, at=AT)


def speak(sessions: Sessions, id: str = "a-1", *, agent: str = "韦晓岚", text: str = "您好，请问地址？") -> Recorded:
    with sessions.begin() as session:
        return desk.say(session, "c-1", AgentMessage(agent=agent, id=id, text=text), at=AT)


def sent(sessions: Sessions) -> list[dict[str, Any]]:
    with sessions() as session:
        return [json.loads(each.payload) for each in session.scalars(select(OutboxEntry).order_by(OutboxEntry.id))]


@pytest.mark.usefixtures("on_duty", "words")
def test_a_person_takes_speaks_and_gives_back_and_the_customer_hears_who_speaks(say: Say, sessions: Sessions) -> None:
    say()
    assert take(sessions) == State(Control.AGENT, 2, "韦晓岚")
    assert take(sessions) == State(Control.AGENT, 2, "韦晓岚")
    assert speak(sessions) == Recorded(seq=3, control="agent", epoch=2, repeated=False)
    assert speak(sessions).repeated
    with sessions.begin() as session:
        back = desk.give_back(session, "c-1", agent="韦晓岚", at=AT + timedelta(minutes=2))
    assert back == State(Control.BOT, 3)
    assert [
        (each["speaker"], each["epoch"], each["control"], each["text"], each["version"]) for each in sent(sessions)
    ] == [
        ("bot", 2, "agent", "人工客服韦晓岚为您服务。", 1),
        ("agent", 2, "agent", "您好，请问地址？", None),
        ("bot", 3, "bot", "现在由智能客服为您服务。", 1),
    ]
    with sessions() as session:
        recorded = session.scalars(select(Message).order_by(Message.seq)).all()
        stint = session.get_one(Stint, ("c-1", 2))
        kinds = [each.kind for each in trail(session, subject="conversation:c-1")]
    assert [each.speaker for each in recorded] == ["customer", "system", "agent", "system"]
    assert {each.id for each in recorded[1:]} == {each["id"] for each in sent(sessions)}
    assert stint.ended == AT + timedelta(minutes=2)
    assert [kind for kind in kinds if kind not in {"conversation.heard", "conversation.said"}] == [
        *("conversation.opened", "conversation.taken", "conversation.returned")
    ]
    assert (kinds.count("conversation.heard"), kinds.count("conversation.said")) == (1, 3)


@pytest.mark.usefixtures("on_duty", "words")
def test_what_leaves_has_the_shape_that_the_front_door_takes(say: Say, sessions: Sessions) -> None:
    say()
    take(sessions)
    speak(sessions)
    wanted = json.loads((CONTRACTS / "outgoing.json").read_text(encoding="utf-8"))["request"]["json"]
    assert [set(each) for each in sent(sessions)] == [set(wanted), set(wanted)]
    assert sent(sessions)[1] | {"id": "out-1", "epoch": 4, "text": wanted["text"]} == wanted


@pytest.mark.usefixtures("on_duty", "words")
def test_two_people_take_at_once_and_one_gets_it(say: Say, sessions: Sessions) -> None:
    say()

    def try_take(agent: str) -> str:
        try:
            return take(sessions, agent).agent or ""
        except TakenByAnother:
            return "refused"

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(try_take, ["韦晓岚", "黄志强"]))
    assert sorted(results)[-1] in {"韦晓岚", "黄志强"} and results.count("refused") == 1
    assert len(sent(sessions)) == 1


@pytest.mark.usefixtures("on_duty", "words")
def test_who_does_not_have_it_may_not_speak(say: Say, sessions: Sessions) -> None:
    say()
    with pytest.raises(NotYours):
        speak(sessions)
    take(sessions)
    with pytest.raises(NotYours):
        speak(sessions, agent="黄志强")
    with pytest.raises(NotYours), sessions.begin() as session:
        desk.give_back(session, "c-1", agent="黄志强", at=AT)


@pytest.mark.usefixtures("words")
def test_only_people_on_duty_take(say: Say, sessions: Sessions) -> None:
    say()
    with pytest.raises(NotOnDuty):
        take(sessions)
    for on in (True, False):
        with sessions.begin() as session:
            desk.set_duty(session, Duty(agent="韦晓岚", skills=["general"], on=on), at=AT)
    with pytest.raises(NotOnDuty):
        take(sessions)
    with sessions() as session:
        assert session.get_one(DeskAgent, "韦晓岚").skills == ["general"]


@pytest.mark.usefixtures("on_duty", "words")
def test_after_the_write_up_the_conversation_closes_and_the_customer_opens_it_again(
    say: Say, sessions: Sessions
) -> None:
    say()
    take(sessions)
    with sessions.begin() as session:
        assert desk.finish(session, "c-1", agent="韦晓岚", at=AT) == State(Control.WRAP_UP, 2, "韦晓岚")
    with pytest.raises(NotYours):
        speak(sessions, "a-9")
    with sessions.begin() as session:
        assert desk.close(session, "c-1", agent="韦晓岚", at=AT).control is Control.CLOSED
    assert say("m-2") == Recorded(seq=3, control="bot", epoch=3, repeated=False)


@pytest.mark.usefixtures("on_duty")
def test_the_queue_shows_who_waits_and_why(say: Say, sessions: Sessions) -> None:
    for number, reason in enumerate(["asked", "hazard"]):
        say(conversation=f"c-{number}")
        with sessions.begin() as session:
            handoffs.ask_person(session, f"c-{number}", wish(reason=reason), actor="bot", at=AT)
    with sessions() as session:
        waiting = desk.queue(session, at=AT + timedelta(seconds=30))
    assert [(each["conversation"], each["position"], each["hazard"], each["waited_s"]) for each in waiting] == [
        ("c-1", 1, True, 30),
        ("c-0", 2, False, 30),
    ]
    assert waiting[0]["summary"] == "客户要求人工"


def test_the_demos_people_go_on_duty_once(sessions: Sessions) -> None:
    with sessions.begin() as session:
        assert seed_desk(session, at=AT) == 2
    with sessions.begin() as session:
        person = desk.people_on_duty(session)[0]["agent"]
        desk.set_duty(session, Duty(agent=person, on=False), at=AT)
    with sessions.begin() as session:
        assert seed_desk(session, at=AT) == 0
        assert len(desk.people_on_duty(session)) == 1


@pytest.mark.usefixtures("on_duty", "words")
def test_who_was_taken_waits_no_longer(say: Say, sessions: Sessions) -> None:
    say()
    with sessions.begin() as session:
        handoffs.ask_person(session, "c-1", wish(reason="hazard"), actor="bot", at=AT)
    take(sessions)
    with sessions() as session:
        conversation = session.get_one(Conversation, "c-1")
        assert (conversation.waiting_since, conversation.hazard, desk.queue(session, at=AT)) == (None, False, [])
        assert session.get_one(Stint, ("c-1", 2)).waiting_since == AT

"""Asking for a person: the queue, or a call-back order; never a dead end, never two orders."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.conversations.conftest import AT, wish
from ticketing.audit.service import trail
from ticketing.conversations import desk, handoffs
from ticketing.conversations.errors import ConversationNotFound
from ticketing.conversations.handoffs import Arranged
from ticketing.conversations.models import Conversation
from ticketing.conversations.schemas import Duty, HandoffWish, Recorded
from ticketing.work_orders.actors import Actor, Role
from ticketing.work_orders.models import WorkOrder
from ticketing.work_orders.moves import move
from ticketing.work_orders.states import State

Say = Callable[..., Recorded]
Sessions = sessionmaker[Session]


def ask(sessions: Sessions, wished: HandoffWish, *, conversation: str = "c-1", at: datetime = AT) -> Arranged:
    with sessions.begin() as session:
        return handoffs.ask_person(session, conversation, wished, actor="bot", at=at)


@pytest.mark.usefixtures("on_duty")
def test_with_somebody_on_duty_the_customer_waits_and_the_epoch_stays(say: Say, sessions: Sessions) -> None:
    say()
    first = ask(sessions, wish())
    assert (first.control, first.epoch, first.position, first.order) == ("waiting", 1, 1, None)
    assert first.wait_s is None
    assert ask(sessions, wish(), at=AT + timedelta(minutes=1)) == first
    with sessions() as session:
        [asked] = [each for each in trail(session) if each.kind == "conversation.person_asked"]
        assert session.get_one(Conversation, "c-1").waiting_since == AT
    assert asked.data["reason"] == "asked" and "客户" not in str(asked.data)


@pytest.mark.usefixtures("on_duty")
def test_the_position_is_true_and_hazards_go_first(say: Say, sessions: Sessions) -> None:
    for number, reason in enumerate(["asked", "complaint", "hazard"]):
        say(conversation=f"c-{number}")
        ask(sessions, wish(reason=reason), conversation=f"c-{number}", at=AT + timedelta(seconds=number))
    places = [ask(sessions, wish(), conversation=f"c-{number}").position for number in range(3)]
    assert places == [2, 3, 1]


@pytest.mark.usefixtures("on_duty")
def test_a_hazard_moves_a_waiting_customer_up_without_losing_the_time_waited(say: Say, sessions: Sessions) -> None:
    for name in ("c-1", "c-2"):
        say(conversation=name)
        ask(sessions, wish(), conversation=name, at=AT + timedelta(seconds=int(name[-1])))
    assert ask(sessions, wish("k-2", reason="hazard"), conversation="c-2", at=AT + timedelta(minutes=1)).position == 1
    with sessions() as session:
        assert session.get_one(Conversation, "c-2").waiting_since == AT + timedelta(seconds=2)


def test_with_nobody_on_duty_one_call_back_is_arranged(say: Say, sessions: Sessions) -> None:
    say(caller="13907760001")
    first = ask(sessions, wish())
    assert (first.control, first.position) == ("bot", None)
    assert first.order is not None
    again, other = ask(sessions, wish()), ask(sessions, wish("k-2", reason="identity"))
    assert again.order and other.order and first.order.number == again.order.number == other.order.number
    with sessions() as session:
        [order] = session.scalars(select(WorkOrder)).all()
        kinds = [each.kind for each in trail(session)]
    assert (order.kind, order.contact_phone, order.description) == ("callback", "13907760001", "客户要求人工")
    assert kinds.count("conversation.person_asked") == 2


def test_after_a_call_back_is_withdrawn_a_new_wish_gets_a_new_one(say: Say, sessions: Sessions) -> None:
    say()
    first = ask(sessions, wish(contact_phone="13800000000")).order
    assert first is not None and first.contact_phone == "13800000000"
    with sessions.begin() as session:
        customer = Actor(Role.CUSTOMER, "test")
        move(session, first.number, State.CANCELLED, actor=customer, reason="不用了", key="x", at=AT)
    second = ask(sessions, wish("k-2")).order
    assert second is not None and second.number != first.number


def test_somebody_without_the_skill_does_not_count(say: Say, sessions: Sessions) -> None:
    say()
    with sessions.begin() as session:
        desk.set_duty(session, Duty(agent="黄志强", skills=["billing"], on=True), at=AT)
    assert ask(sessions, wish("k-1", skill="outage")).order is not None
    assert ask(sessions, wish("k-2", skill="billing")).control == "waiting"


@pytest.mark.usefixtures("on_duty", "words")
def test_the_wait_is_estimated_from_measured_conversations(say: Say, sessions: Sessions) -> None:
    for number in range(3):
        say(conversation=f"old-{number}")
        with sessions.begin() as session:
            desk.take(session, f"old-{number}", agent="韦晓岚", at=AT)
        with sessions.begin() as session:
            desk.give_back(session, f"old-{number}", agent="韦晓岚", at=AT + timedelta(seconds=240))
    say()
    assert ask(sessions, wish(skill="outage")).wait_s == 240  # one person serves outages
    say(conversation="c-2")
    later = AT + timedelta(seconds=5)
    assert ask(sessions, wish(skill="billing"), conversation="c-2", at=later).wait_s == 240  # second of two people


@pytest.mark.usefixtures("on_duty", "words")
def test_who_talks_to_a_person_already_stays_there(say: Say, sessions: Sessions) -> None:
    say()
    with sessions.begin() as session:
        desk.take(session, "c-1", agent="韦晓岚", at=AT)
    assert ask(sessions, wish()) == Arranged("agent", 2, None, None, None)


def test_an_unknown_conversation_is_refused(sessions: Sessions) -> None:
    with pytest.raises(ConversationNotFound):
        ask(sessions, wish(), conversation="c-404")

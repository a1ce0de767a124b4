"""The steps of an order against the strict outside world: once each, whatever fails or is asked again."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.outside import Outside
from tests.ticketing.automation.conftest import PHONE, Maker, account_of_the_town
from ticketing.automation import ledger
from ticketing.automation.desk import TRIES_BEFORE_A_PERSON, OrderDesk
from ticketing.automation.models import StepDone, StepTry, ToldPromise
from ticketing.conversations import record
from ticketing.conversations.models import Message, Speaker
from ticketing.db import now
from ticketing.outbox.models import OutboxEntry
from ticketing.work_orders import moves
from ticketing.work_orders.actors import Actor, Role
from ticketing.work_orders.models import WorkOrder
from ticketing.work_orders.states import State


def follow(desk: OrderDesk, order: str) -> Any:
    """Do everything that is next, until the flow would wait or is over."""
    turn = desk.look(order)
    while step := turn.get("step"):
        turn = desk.act(order, step)
    return turn


def go(sessions: sessionmaker[Session], order: str, *states: State) -> None:
    with sessions.begin() as session:
        crew = session.scalars(select(WorkOrder.crew).where(WorkOrder.number == order)).one()
        for state in states:
            by = Actor(Role.AGENT, "a") if state is State.FOLLOWED_UP else Actor(Role.CREW, crew or "")
            moves.move(session, order, state, actor=by, reason="-", key=f"{order}:{state}", at=now())


def test_a_whole_order_has_each_effect_once(
    desk: OrderDesk, make: Maker, world: Outside, sessions: sessionmaker[Session]
) -> None:
    order = make(account=account_of_the_town(cut_off=False))
    assert "until" in follow(desk, order)
    go(sessions, order, State.ACKNOWLEDGED, State.ON_SITE)
    follow(desk, order)
    go(sessions, order, State.RESTORED, State.REPORTED_BACK)
    follow(desk, order)
    go(sessions, order, State.FOLLOWED_UP)
    assert follow(desk, order) == {}
    effects = [(each.system, each.what) for each in world.ledger.effects]
    assert sorted(effects) == [("crew_app", "job"), ("marketing", "service_order"), *[("sms", "message")] * 3]
    with sessions() as session:
        assert session.scalars(select(WorkOrder.state)).one() == State.ARCHIVED


def test_a_step_that_is_asked_again_does_nothing_again(desk: OrderDesk, make: Maker, world: Outside) -> None:
    order = make()
    follow(desk, order)
    before = len(world.ledger.effects)
    assert desk.act(order, "send_crew:1") == desk.act(order, "tell_customer") == desk.look(order)
    assert (len(world.ledger.effects), world.ledger.asked_again) == (before, 0)


def test_an_effect_whose_record_was_lost_is_asked_for_under_the_same_key(
    desk: OrderDesk, make: Maker, world: Outside, sessions: sessionmaker[Session]
) -> None:
    order = make()
    follow(desk, order)
    with sessions.begin() as session:  # as if the kill had come between the effect and its record
        for row in session.scalars(select(StepDone).where(StepDone.step.in_(["send_crew:1", "tell_customer"]))):
            session.delete(row)
    follow(desk, order)
    assert world.ledger.doubles() == [] and world.ledger.asked_again == 2
    with sessions() as session:
        assert len(session.scalars(select(Message)).all()) == 1


def test_a_time_told_is_a_promise_with_its_sentence_and_its_rule(
    desk: OrderDesk, make: Maker, sessions: sessionmaker[Session]
) -> None:
    order = make()
    follow(desk, order)
    with sessions() as session:
        promise, message = session.scalars(select(ToldPromise)).one(), session.scalars(select(Message)).one()
        assert (promise.order_number, promise.item, promise.rule) == (order, "arrival", "arrival-urban")
        assert (promise.message, promise.amount, promise.unit) == (message.id, 45, "minutes")
        assert "45分钟" in message.text and message.talk_track == "utter_sms_order_sent_promise"
    go(sessions, order, State.ACKNOWLEDGED, State.ON_SITE)
    desk.look(order)
    with sessions() as session:
        promise = session.scalars(select(ToldPromise)).one()
        assert promise.kept_at is not None and promise.check_at is None and promise.broken_at is None


def test_what_the_bot_told_is_a_promise_too(desk: OrderDesk, make: Maker, sessions: sessionmaker[Session]) -> None:
    order = make()
    with sessions.begin() as session:
        conversation = record.lock(session, "c-1")
        said = {"speaker": Speaker.BOT, "text": "…", "talk_track": "utter_outage_promise", "version": 1}
        record.append(session, conversation, id="r-1", at=now(), recorded_at=now(), **said)  # type: ignore[arg-type]
    follow(desk, order)
    with sessions() as session:
        rows = session.scalars(select(ToldPromise).order_by(ToldPromise.id)).all()
        assert rows[0].message == "r-1" and len({row.message for row in rows}) == 2
        assert {row.rule for row in rows} == {"arrival-urban"}


def test_bad_data_goes_to_a_person_and_is_not_tried_again(
    desk: OrderDesk, make: Maker, world: Outside, sessions: sessionmaker[Session]
) -> None:
    order = make(phone="077612345")  # a landline: the gateway refuses it
    follow(desk, order)
    with sessions() as session:
        assert ledger.steps_of(session, order)["tell_customer"] == "refused"
        person = session.scalars(select(WorkOrder).where(WorkOrder.kind == "callback")).one()
        assert order in person.description and "NoSuchNumber" in person.description
        assert person.conversation == f"flow-{order}"
        flows = session.scalars(select(OutboxEntry.key).where(OutboxEntry.kind == "flow")).all()
        assert flows == [f"flow:{order}"]  # no robot waits behind a robot's trouble
    assert [each.what for each in world.ledger.of("crew_app")] == ["job"]


def test_a_system_that_is_away_is_tried_again_and_holds_up_nothing(
    desk: OrderDesk, make: Maker, world: Outside, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    order = make()
    monkeypatch.setattr(world.town.crews, "_token", "changed")  # 401: mended by people
    assert "until" in follow(desk, order)
    assert [each.what for each in world.ledger.of("sms")] == ["message"]
    with sessions() as session:
        failing = session.scalars(select(StepTry)).one()
        assert (failing.step, failing.tries, failing.error) == ("send_crew:1", 1, "status 401 WrongToken")
    for _ in range(TRIES_BEFORE_A_PERSON):
        desk.act(order, "send_crew:1")
    with sessions() as session:
        persons = session.scalars(select(WorkOrder).where(WorkOrder.kind == "callback")).all()
        assert len(persons) == 1
    monkeypatch.setattr(world.town.crews, "_token", "crew-token")
    desk.act(order, "send_crew:1")
    with sessions() as session:
        assert session.scalars(select(StepTry)).all() == []
    assert world.ledger.doubles() == []


def test_a_fault_of_ours_strands_no_order(
    desk: OrderDesk, make: Maker, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    order = make()
    monkeypatch.setattr(type(desk._acts), "_send_crew", lambda *_: 1 / 0)
    assert "until" in follow(desk, order)
    with sessions() as session:
        assert session.scalars(select(StepTry.error)).one() == "fault in the step: ZeroDivisionError"


def test_what_the_order_has_left_behind_is_not_written(
    desk: OrderDesk, make: Maker, sessions: sessionmaker[Session]
) -> None:
    order = make()
    follow(desk, order)
    go(sessions, order, State.ACKNOWLEDGED)  # the crew accepts while `not_accepted` is on its way
    desk.act(order, "not_accepted:1")
    with sessions() as session:
        assert session.get_one(WorkOrder, order).state == State.ACKNOWLEDGED
        assert "not_accepted:1" not in ledger.steps_of(session, order)


def test_a_crew_that_gives_it_back_is_followed_by_another(
    desk: OrderDesk, make: Maker, world: Outside, sessions: sessionmaker[Session]
) -> None:
    order = make()
    follow(desk, order)
    go(sessions, order, State.RETURNED)
    follow(desk, order)
    crews = [job.content["crew"] for job in world.ledger.of("crew_app", "job")]
    assert len(crews) == len(set(crews)) == 2


def test_a_withdrawn_order_calls_its_crew_back(
    desk: OrderDesk, make: Maker, world: Outside, sessions: sessionmaker[Session]
) -> None:
    order = make()
    follow(desk, order)
    with sessions.begin() as session:
        customer = Actor(Role.CUSTOMER, "c")
        moves.move(session, order, State.CANCELLED, actor=customer, reason="light is on", key="x", at=now())
    assert follow(desk, order) == {}
    assert [each.what for each in world.ledger.of("crew_app")] == ["job", "recalls"]


def test_the_customer_is_reached_where_the_conversation_was(
    desk: OrderDesk, make: Maker, world: Outside, sessions: sessionmaker[Session]
) -> None:
    order = make()
    follow(desk, order)
    [message] = world.ledger.of("sms")
    assert message.content["to"] == PHONE and message.key == f"{order}:tell_customer"

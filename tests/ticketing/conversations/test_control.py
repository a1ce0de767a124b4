"""Who has control, by every way through the state machine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.conversations import control
from ticketing.conversations.control import START, Control, State
from ticketing.conversations.errors import NotYours, TakenByAnother


def test_the_way_to_a_person_and_back_moves_the_epoch_twice() -> None:
    waiting = control.ask_person(START)
    taken = control.take(waiting, agent="韦")
    back = control.give_back(taken, agent="韦")
    assert [waiting, taken, back] == [
        State(Control.WAITING, 1),
        State(Control.AGENT, 2, "韦"),
        State(Control.BOT, 3),
    ]


def test_the_bot_speaks_while_the_customer_waits_and_never_under_an_older_epoch() -> None:
    waiting = control.ask_person(START)
    taken = control.take(waiting, agent="韦")
    back = control.give_back(taken, agent="韦")
    assert control.bot_may_speak(waiting, epoch=1)
    assert not control.bot_may_speak(taken, epoch=1)
    assert not control.bot_may_speak(taken, epoch=2)
    assert not control.bot_may_speak(back, epoch=1)
    assert control.bot_may_speak(back, epoch=3)


def test_only_one_person_has_a_conversation() -> None:
    taken = control.take(START, agent="韦")
    with pytest.raises(TakenByAnother):
        control.take(taken, agent="黄")
    assert control.take(taken, agent="韦") == taken
    assert not control.agent_may_speak(taken, agent="黄")


@pytest.mark.parametrize("act", [control.finish, control.give_back, control.close])
def test_who_does_not_have_it_cannot_end_it(act: object) -> None:
    for state in (START, control.take(START, agent="韦")):
        with pytest.raises(NotYours):
            act(state, agent="黄")  # type: ignore[operator]


def test_after_the_last_word_the_customer_gets_the_bot() -> None:
    finished = control.finish(control.take(START, agent="韦"), agent="韦")
    assert finished == State(Control.WRAP_UP, 2, "韦")
    assert control.customer_spoke(finished) == State(Control.BOT, 3)
    closed = control.close(finished, agent="韦")
    assert control.customer_spoke(closed) == State(Control.BOT, 3)


def test_waiting_in_vain_leads_back_to_the_bot_but_not_when_a_person_came() -> None:
    waiting = control.ask_person(START)
    assert control.wait_ended(waiting) == State(Control.BOT, 1)
    taken = control.take(waiting, agent="韦")
    assert control.wait_ended(taken) == taken
    assert control.ask_person(taken) == taken


STEPS = st.lists(
    st.tuples(st.sampled_from(["ask", "take", "finish", "back", "close", "spoke", "ended"]), st.sampled_from("甲乙"))
)


@given(STEPS)
def test_nobody_speaks_twice_and_the_epoch_never_goes_back(steps: list[tuple[str, str]]) -> None:
    state = START
    for name, agent in steps:
        before = state
        try:
            state = _step(state, name, agent)
        except (NotYours, TakenByAnother):
            continue
        assert state.epoch - before.epoch in {0, 1}
        speakers = control.bot_may_speak(state, epoch=state.epoch) + sum(
            control.agent_may_speak(state, agent=each) for each in "甲乙"
        )
        assert speakers == (0 if state.control in {Control.WRAP_UP, Control.CLOSED} else 1)
        if before.control is Control.AGENT and control.bot_may_speak(state, epoch=state.epoch):
            assert not control.bot_may_speak(state, epoch=before.epoch)


def _step(state: State, name: str, agent: str) -> State:
    alone = {"ask": control.ask_person, "spoke": control.customer_spoke, "ended": control.wait_ended}
    if name in alone:
        return alone[name](state)
    by_agent = {"take": control.take, "finish": control.finish, "back": control.give_back, "close": control.close}
    return by_agent[name](state, agent=agent)

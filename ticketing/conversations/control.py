"""Who has control of a conversation: a fenced state machine, pure.

    bot ─ask_person─▶ waiting ─take─▶ agent ─finish─▶ wrap_up ─close─▶ closed
     ▲ ◀──wait_ended───┘ ◀──put_back───┤◀┐hand_over     │               │
     └────────────give_back────────────┴────────────────┘◀─customer_spoke┘

The epoch moves when a person takes control and when control goes back to the bot. Words made under an older
epoch are never said.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from ticketing.conversations.errors import NotYours, TakenByAnother


class Control(StrEnum):
    BOT = "bot"
    WAITING = "waiting"
    """The bot still speaks; a person is asked for."""
    AGENT = "agent"
    WRAP_UP = "wrap_up"
    """The person has finished speaking and writes up; nobody speaks until the customer does."""
    CLOSED = "closed"


@dataclass(frozen=True)
class State:
    """Who has control, since how many changes, and the person's name in `agent` and `wrap_up`."""

    control: Control
    epoch: int
    agent: str | None = None


START = State(Control.BOT, 1)


def ask_person(state: State) -> State:
    """A person is wanted. Changes nothing when one is asked for or there already."""
    if state.control in {Control.BOT, Control.CLOSED}:
        return replace(state, control=Control.WAITING, agent=None)
    return state


def take(state: State, *, agent: str) -> State:
    """A person takes control, from the queue or from the bot. Raises TakenByAnother."""
    if state.control in {Control.AGENT, Control.WRAP_UP} and state.agent != agent:
        raise TakenByAnother(f"{state.agent} has this conversation")
    if state.control is Control.AGENT:
        return state
    return State(Control.AGENT, state.epoch + 1, agent)


def finish(state: State, *, agent: str) -> State:
    """The person has said the last word and writes up. Raises NotYours."""
    _own(state, agent, {Control.AGENT, Control.WRAP_UP})
    return replace(state, control=Control.WRAP_UP)


def give_back(state: State, *, agent: str) -> State:
    """The person returns the customer to the bot. Raises NotYours."""
    _own(state, agent, {Control.AGENT, Control.WRAP_UP})
    return State(Control.BOT, state.epoch + 1)


def close(state: State, *, agent: str) -> State:
    """The matter is done. Raises NotYours."""
    _own(state, agent, {Control.WRAP_UP})
    return replace(state, control=Control.CLOSED, agent=None)


def hand_over(state: State, *, agent: str, to: str) -> State:
    """One person gives the conversation to another; to oneself: nothing changes. Raises NotYours."""
    _own(state, agent, {Control.AGENT, Control.WRAP_UP})
    return state if to == agent else State(Control.AGENT, state.epoch + 1, to)


def put_back(state: State, *, agent: str) -> State:
    """The person gives the conversation back to the queue; the bot speaks until somebody takes it. Raises NotYours."""
    _own(state, agent, {Control.AGENT, Control.WRAP_UP})
    return State(Control.WAITING, state.epoch + 1)


def wait_ended(state: State) -> State:
    """Nobody took the conversation in time. The bot spoke all along, so the epoch stays."""
    return replace(state, control=Control.BOT) if state.control is Control.WAITING else state


def customer_spoke(state: State) -> State:
    """Somebody must answer: after the person's last word, and in a closed conversation, that is the bot."""
    if state.control in {Control.WRAP_UP, Control.CLOSED}:
        return State(Control.BOT, state.epoch + 1)
    return state


def bot_may_speak(state: State, *, epoch: int) -> bool:
    """Whether words that the bot made under `epoch` may still be said."""
    return epoch == state.epoch and state.control in {Control.BOT, Control.WAITING}


def agent_may_speak(state: State, *, agent: str) -> bool:
    return state.control is Control.AGENT and state.agent == agent


def _own(state: State, agent: str, among: set[Control]) -> None:
    if state.control not in among or state.agent != agent:
        raise NotYours(f"'{agent}' does not have this conversation: control is '{state.control}'")

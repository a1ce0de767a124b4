"""Greeting, thanks, goodbye, patience, silence, the last words again: the manners of a conversation."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from actions import form, handoff, home, second
from actions.action import Act
from actions.backend import Backend
from actions.brevity import shorter
from actions.service import Service
from actions.turn import Turn

MAX_SILENCES = 3
NOT_REPEATED = frozenset({"utter_person_possible", "utter_sorry_person"})
FIGURES = re.compile(r"\d{4,}")


class Greet(Act):
    """The machine says that it is one, once a day; on the telephone also that the call is recorded.

    That it was said is a slot: actions see the last turns of a conversation only (bot/engine/speed).
    """

    def name(self) -> str:
        return "action_greet"

    async def act(self, turn: Turn) -> None:
        turn.understood()
        today = str(turn.message.metadata.get("today"))
        if turn.message.intent == "ring":
            turn.say("utter_greet_call")
            turn.set(greeted=today)
        elif turn.is_waiting and not turn.in_form:
            await handoff.still_waiting(turn, self.backend)
        elif turn.in_form or turn.get("greeted") == today:
            turn.say("utter_greet_again")
        else:
            turn.say("utter_greet")
            turn.set(greeted=today)


class Thank(Act):
    listens = True  # 来电了谢谢

    def name(self) -> str:
        return "action_thank"

    async def act(self, turn: Turn) -> None:
        turn.understood()
        turn.say("utter_welcome")


class Goodbye(Act):
    """Leaves the form; on the telephone the engine hangs up after these words."""

    listens = True  # 有了, after the switch was pushed up
    soothes = False

    def name(self) -> str:
        return "action_goodbye"

    async def act(self, turn: Turn) -> None:
        turn.close()
        second.forget_all(turn)
        turn.say("utter_goodbye")


class Stop(Act):
    """算了: leave what was begun. 算了，帮我查电费: leave it, and begin the other."""

    listens = True

    def __init__(self, backend: Backend, services: Mapping[str, Service]) -> None:
        super().__init__(backend)
        self.services = services

    def name(self) -> str:
        return "action_stop"

    async def act(self, turn: Turn) -> None:
        turn.understood()
        was_busy = turn.get("wish") is not None
        turn.close()
        second.forget_all(turn)
        _, other = second.wanted(turn.message)
        turn.set(asking=False)
        if other is not None and other.intent in self.services:
            turn.say("utter_stopped_for_another")
            await form.start(turn, self.backend, self.services[other.intent])
        else:
            turn.say("utter_stopped" if was_busy else "utter_nothing_to_stop")


class Wait(Act):
    def name(self) -> str:
        return "action_wait"

    async def act(self, turn: Turn) -> None:
        turn.understood()
        turn.say("utter_take_your_time")


class Silence(Act):
    """Asks, the second time names a person, then ends the call kindly. The form's question follows, in few words."""

    def name(self) -> str:
        return "action_silence"

    async def act(self, turn: Turn) -> None:
        silences = turn.count("silences") + 1
        turn.set(silences=str(silences))
        if home.is_looking(turn) and silences < MAX_SILENCES:  # at the main switch, which may be down the stairs
            turn.say("utter_take_your_time" if silences == 1 else "utter_are_you_there")
        elif silences == 1:
            turn.say("utter_are_you_there")
        elif silences < MAX_SILENCES:
            turn.say("utter_silence_person")
            if not turn.in_form:
                turn.set(offer="person")
        else:
            turn.close()
            turn.set(silences="0")
            turn.say("utter_goodbye_silence")
            turn.say("utter_goodbye")
            turn.rest()


class Repeat(Act):
    """Says the last turn's talk tracks again, with their values: on the telephone slower and shorter at once, on a
    screen, where the words still stand, the second time. Who asks twice hears that there is a person."""

    def name(self) -> str:
        return "action_repeat"

    async def act(self, turn: Turn) -> None:
        repeats = turn.count("repeats") + 1
        turn.understood()
        turn.set(repeats=str(repeats))
        said = last_words(turn.history)
        if not said:
            turn.say("utter_nothing_to_repeat")
        for talk_track, slots in said:
            if turn.on_phone:
                turn.say(shorter(talk_track), **slowly(slots))
            else:
                turn.say(shorter(talk_track) if repeats > 1 else talk_track, **slots)
        if said and repeats > 1:
            turn.say("utter_person_possible")


def slowly(slots: Mapping[str, str]) -> dict[str, str]:
    """Figures one by one, with a pause after each: 0018 → 0，0，1，8."""
    return {name: "，".join(value) if FIGURES.fullmatch(value) else value for name, value in slots.items()}


def last_words(events: Iterable[dict[str, Any]]) -> list[tuple[str, dict[str, str]]]:
    """Talk tracks and values of the turn before the customer's present message, in their order."""
    turns: list[list[tuple[str, dict[str, str]]]] = [[]]
    for event in events:
        if event.get("event") == "user":
            turns.append([])
        elif event.get("event") == "bot":
            metadata = event.get("metadata") or {}
            talk_track = metadata.get("utter_action")
            if talk_track and talk_track not in NOT_REPEATED:
                turns[-1].append((talk_track, dict(metadata.get("slots") or {})))
    return next((turn for turn in reversed(turns[:-1]) if turn), [])

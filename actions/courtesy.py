"""Greeting, thanks, goodbye, patience, silence, the last words again: the manners of a conversation."""

from collections.abc import Iterable
from typing import Any

from actions import handoff
from actions.action import Act
from actions.turn import Turn

MAX_SILENCES = 3


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
    def name(self) -> str:
        return "action_thank"

    async def act(self, turn: Turn) -> None:
        turn.understood()
        turn.say("utter_welcome")


class Goodbye(Act):
    """Leaves the form; on the telephone the engine hangs up after these words."""

    def name(self) -> str:
        return "action_goodbye"

    async def act(self, turn: Turn) -> None:
        turn.close()
        turn.forget("offer", "interrupted_wish")
        turn.say("utter_goodbye")


class Stop(Act):
    def name(self) -> str:
        return "action_stop"

    async def act(self, turn: Turn) -> None:
        turn.understood()
        was_busy = turn.get("wish") is not None
        turn.close()
        turn.forget("offer", "interrupted_wish")
        turn.say("utter_stopped" if was_busy else "utter_nothing_to_stop")


class Wait(Act):
    def name(self) -> str:
        return "action_wait"

    async def act(self, turn: Turn) -> None:
        turn.understood()
        turn.say("utter_take_your_time")


class Silence(Act):
    """Asks twice, then ends the call kindly; a question of the form is asked again after the first words."""

    def name(self) -> str:
        return "action_silence"

    async def act(self, turn: Turn) -> None:
        silences = turn.count("silences") + 1
        turn.set(silences=str(silences))
        if silences < MAX_SILENCES:
            turn.say("utter_are_you_there")
            return
        turn.close()
        turn.set(silences="0")
        turn.say("utter_goodbye_silence")
        turn.say("utter_goodbye")
        turn.rest()


class Repeat(Act):
    """Says the last turn's talk tracks again, with their values."""

    def name(self) -> str:
        return "action_repeat"

    async def act(self, turn: Turn) -> None:
        turn.understood()
        said = last_words(turn.history)
        if not said:
            turn.say("utter_nothing_to_repeat")
        for talk_track, slots in said:
            turn.say(talk_track, **slots)


def last_words(events: Iterable[dict[str, Any]]) -> list[tuple[str, dict[str, str]]]:
    """Talk tracks and values of the turn before the customer's present message, in their order."""
    turns: list[list[tuple[str, dict[str, str]]]] = [[]]
    for event in events:
        if event.get("event") == "user":
            turns.append([])
        elif event.get("event") == "bot":
            metadata = event.get("metadata") or {}
            talk_track = metadata.get("utter_action")
            if talk_track:
                turns[-1].append((talk_track, dict(metadata.get("slots") or {})))
    return next((turn for turn in reversed(turns[:-1]) if turn), [])

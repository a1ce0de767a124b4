"""When it is not clear what was meant, or none of our business: ask back once, then offer a person."""

from abc import ABC, abstractmethod

from actions import handoff, wishes
from actions.action import Act
from actions.turn import Turn

OFFER_AFTER = 2
"""Misunderstandings in a row, this one included, at which a person is offered."""
NAMED = 2


def candidates(ranking: tuple[str, ...]) -> list[str]:
    """The two likeliest wishes that can be named."""
    return [intent for intent in ranking if wishes.is_nameable(intent)][:NAMED]


class Misunderstood(Act, ABC):
    """Counts in a row what was not understood; who waits for a person hears the place in the queue instead."""

    async def act(self, turn: Turn) -> None:
        if turn.is_waiting and not turn.in_form:
            await handoff.still_waiting(turn, self.backend)
            return
        misunderstood = turn.count("misunderstood") + 1
        turn.set(misunderstood=str(misunderstood))
        self.answer(turn, again=misunderstood >= OFFER_AFTER)

    @abstractmethod
    def answer(self, turn: Turn, *, again: bool) -> None:
        """Say so; `again`: it is time to offer a person."""


class Clarify(Misunderstood):
    def name(self) -> str:
        return "action_clarify"

    def answer(self, turn: Turn, *, again: bool) -> None:
        if again:
            offer_person(turn)
        elif turn.in_form:
            turn.say("utter_not_understood_in_form")
        else:
            self._ask_back(turn)

    def _ask_back(self, turn: Turn) -> None:
        meant = candidates(turn.message.ranking)
        if not meant:
            turn.say("utter_not_understood")
        elif len(meant) == 1:
            turn.set(offer=f"resume:{meant[0]}")
            turn.say("utter_did_you_mean", label=wishes.label(meant[0]))
        else:
            first, second = meant
            buttons = [wishes.button(first), wishes.button(second)]
            turn.say("utter_did_you_mean_one_of", buttons, first=wishes.label(first), second=wishes.label(second))


def offer_person(turn: Turn) -> None:
    """In a form the way is named and the form goes on; outside it is a question."""
    if turn.in_form:
        turn.say("utter_person_possible")
        return
    turn.set(offer="person", misunderstood="0")
    turn.say("utter_offer_person")


class OutOfScope(Misunderstood):
    def name(self) -> str:
        return "action_out_of_scope"

    def answer(self, turn: Turn, *, again: bool) -> None:
        turn.say("utter_out_of_scope")
        if again:
            offer_person(turn)

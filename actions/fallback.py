"""When it is not clear what was meant, or none of our business: ask back once, then offer a person."""

from actions import handoff, second, soothing, wishes
from actions.misunderstanding import count, offer_person
from actions.offers import Answering
from actions.reading import TOLD_AT_LENGTH
from actions.turn import Turn

NAMED = 2


def candidates(ranking: tuple[str, ...]) -> list[str]:
    """The two likeliest wishes that can be named."""
    return [intent for intent in ranking if wishes.is_nameable(intent)][:NAMED]


class Misunderstood(Answering):
    """Counts in a row what was not understood; who waits for a person hears the place in the queue instead."""

    async def act(self, turn: Turn) -> None:
        if turn.in_form:
            self.answer(turn, again=count(turn))
        else:
            await super().act(turn)

    async def otherwise(self, turn: Turn) -> None:
        if turn.is_waiting:
            await handoff.still_waiting(turn, self.backend)
        elif soothing.is_angry(turn) and soothing.is_due(turn):
            turn.set(person_offered="yes", offer="person", misunderstood="0")
            turn.say("utter_sorry_offer_person")
        else:
            self.answer(turn, again=count(turn))

    def answer(self, turn: Turn, *, again: bool) -> None:
        """Say so; `again`: it is time to offer a person."""
        raise NotImplementedError


class Clarify(Misunderstood):
    def name(self) -> str:
        return "action_clarify"

    def answer(self, turn: Turn, *, again: bool) -> None:
        if again:
            offer_person(turn)
        elif turn.in_form:
            turn.say("utter_not_understood_in_form")
        else:
            ask_back(turn)


def ask_back(turn: Turn) -> None:
    """Name what was probably meant. What was said is kept: it is the order's description when the guess is right."""
    meant = candidates(turn.message.ranking)
    for wish in meant:
        second.set_aside(turn, wish, told(turn.message.text))
    if not meant:
        turn.say("utter_not_understood")
    elif len(meant) == 1:
        turn.set(offer=f"meant:{meant[0]}")
        turn.say("utter_did_you_mean", label=wishes.label(meant[0]))
    else:
        first, other = meant
        turn.set(offer=f"either:{first}|{other}")
        buttons = [wishes.button(first), wishes.button(other)]
        turn.say("utter_did_you_mean_one_of", buttons, first=wishes.label(first), second=wishes.label(other))


def told(text: str) -> dict[str, str]:
    return {"description": text} if len(text) >= TOLD_AT_LENGTH else {}


class OutOfScope(Misunderstood):
    def name(self) -> str:
        return "action_out_of_scope"

    def answer(self, turn: Turn, *, again: bool) -> None:
        turn.say("utter_out_of_scope")
        if again:
            offer_person(turn)

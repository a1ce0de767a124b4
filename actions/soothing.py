"""An angry caller is offered a person early: once in a conversation, and never against their will."""

from actions import said
from actions.turn import Turn

COMPLAINTS = frozenset({"make_complaint", "urge_work_order", "dispute_bill"})
"""Wishes that, when they come again, are a complaint about us."""
AGAIN = 2
PERSON_COMES = ("handoff", "callback", "still_waiting", "offer_person", "hazard", "sorry")
"""Beginnings (after `utter_`) of talk tracks beside which the offer would be one too many."""


def is_angry(turn: Turn) -> bool:
    return said.says("angry", turn.message.text)


def count_complaint(turn: Turn) -> None:
    if turn.message.intent in COMPLAINTS:
        turn.set(complaints=str(turn.count("complaints") + 1))


def is_due(turn: Turn) -> bool:
    """Whether a person should be offered now."""
    if turn.get("person_offered") or turn.is_waiting:
        return False
    return is_angry(turn) or turn.count("complaints") >= AGAIN


def offer(turn: Turn) -> None:
    """The offer in words that need no answer: it goes before what the turn says otherwise."""
    turn.set(person_offered="yes")
    if not any(name.removeprefix("utter_").startswith(PERSON_COMES) for name in turn.said):
        turn.say_first("utter_sorry_person")

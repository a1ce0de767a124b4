"""Misunderstandings in a row: after the second one a person is offered, whatever kind they were."""

from actions.turn import Turn

OFFER_AFTER = 2
"""Misunderstandings in a row, this one included, at which a person is offered."""


def count(turn: Turn) -> bool:
    """One more turn that led nowhere; whether it is time to offer a person."""
    misunderstood = turn.count("misunderstood") + 1
    turn.set(misunderstood=str(misunderstood))
    return misunderstood >= OFFER_AFTER


def offer_person(turn: Turn) -> None:
    """In a form the way is named and the form goes on; outside it is a question."""
    if turn.in_form:
        turn.say("utter_person_possible")
        return
    turn.set(offer="person", misunderstood="0")
    turn.say("utter_offer_person")


def not_understood(turn: Turn, *, talk_track: str = "utter_not_understood") -> None:
    """Outside of a form: say so and ask to say it otherwise, or offer a person."""
    if count(turn):
        offer_person(turn)
    else:
        turn.say(talk_track)

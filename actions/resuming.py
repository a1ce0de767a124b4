"""What was left for later is offered when the time has come: an interrupted wish, then the second one of a sentence."""

from actions import wishes
from actions.turn import Turn

OFFERS = (("interrupted_wish", "utter_resume"), ("second_wish", "utter_second_wish"))


def offer_next(turn: Turn, *, done: str | None = None) -> None:
    """Ask about one open wish. Who waits for a person is not asked, unless for a danger just reported."""
    if turn.get("offer") or (turn.is_waiting and done != "report_hazard"):
        return
    for slot, talk_track in OFFERS:
        wish = turn.get(slot)
        turn.forget(slot)
        if wish and wish != done and wishes.is_nameable(wish):
            turn.set(offer=f"resume:{wish}")
            turn.say(talk_track, label=wishes.label(wish))
            return

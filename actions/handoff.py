"""A person: the hand-over with everything known so far, or the call-back when nobody is on duty."""

from actions import second
from actions.backend import Backend, BackendError
from actions.facts import Handoff
from actions.turn import Turn
from actions.values import tail

SKILLS = {
    "report_outage": "outage",
    "check_home": "outage",
    "report_hazard": "outage",
    "report_voltage": "outage",
    "ask_outage_info": "outage",
    "ask_bill": "billing",
    "ask_balance": "billing",
    "ask_usage": "billing",
    "ask_invoice": "billing",
    "dispute_bill": "billing",
    "report_payment_problem": "billing",
    "request_reconnection": "billing",
    "make_complaint": "complaint",
    "claim_damage": "complaint",
}
SECONDS_PER_MINUTE = 60
TOLD = ("address", "outage_scope", "event_time", "bill_month", "description", "order_number", "interrupted_wish")
"""Slots that the person reads first. The account and the identity card are not among them: ticketing knows its own."""


async def to_a_person(turn: Turn, backend: Backend, *, reason: str, about: str | None = None) -> None:
    """Hand the conversation over and say what happens next; the form is left, its wish is remembered.

    `about`: what the person is wanted for, where no form says it.
    """
    key = turn.key("handoff")
    wish = turn.get("wish") or about
    if turn.get("wish"):
        second.set_aside(turn, wish or "", second.known(turn))
    if wish:
        turn.set(interrupted_wish=wish)
    outcome = await backend.hand_off(
        turn.conversation,
        key=key,
        reason=reason,
        skill=SKILLS.get(wish or turn.message.intent, "general"),
        summary=summary(turn),
        contact_phone=contact(turn),
    )
    turn.close()
    turn.set(handoff_key=key if outcome.order is None else None)
    announce_outcome(turn, outcome)


def announce_outcome(turn: Turn, outcome: Handoff) -> None:
    if outcome.order is not None:
        turn.say("utter_callback_order", order_number=outcome.order.number, tail=tail(outcome.order.number))
    elif outcome.position is not None and outcome.wait_s:
        minutes = max(1, round(outcome.wait_s / SECONDS_PER_MINUTE))
        turn.say("utter_handoff_wait", position=str(outcome.position), minutes=str(minutes))
    elif outcome.position is not None:
        turn.say("utter_handoff_position", position=str(outcome.position))
    else:
        turn.say("utter_handoff")


async def still_waiting(turn: Turn, backend: Backend) -> None:
    """Tell the place in the queue again; the old key makes no second request."""
    outcome = await backend.hand_off(
        turn.conversation,
        key=turn.get("handoff_key") or turn.key("handoff"),
        reason="asked",
        skill="general",
        summary=summary(turn),
        contact_phone=contact(turn),
    )
    if outcome.position is not None:
        turn.say("utter_still_waiting", position=str(outcome.position))
    else:
        announce_outcome(turn, outcome)


async def after_failure(turn: Turn, backend: Backend) -> None:
    """Ticketing failed: apologise, try to get a person all the same, never raise."""
    turn.say("utter_backend_down")
    try:
        await to_a_person(turn, backend, reason="backend_down")
    except BackendError:
        turn.close()
    turn.rest()


def contact(turn: Turn) -> str | None:
    return turn.told("contact_phone") or turn.caller


def summary(turn: Turn) -> str:
    """`wish=report_outage; address=…`: facts, not prose; the desk words them."""
    wish = turn.get("wish") or turn.get("interrupted_wish") or turn.message.intent
    facts = [f"{slot}={turn.get(slot)}" for slot in TOLD if turn.told(slot) is not None]
    return "; ".join([f"wish={wish}", *facts, f"said={turn.message.text}"])[:1000]

"""Danger: safety words at once, an order of the highest priority with whatever place is known, and a person."""

from collections.abc import Mapping

from actions import handoff, resuming, second
from actions.action import Act
from actions.backend import Backend
from actions.handoff import contact
from actions.hearing import facts
from actions.service import Question, Service
from actions.turn import SERVICE_SLOTS, Turn
from actions.values import tail


def missing(turn: Turn) -> str | None:
    return "address" if turn.get("address") is None else None


async def report(turn: Turn, backend: Backend) -> None:
    """The order exists before anything is asked; the place may follow."""
    interrupted = turn.get("wish")
    if interrupted not in (None, "report_hazard"):
        second.interrupt(turn, interrupted or "")
    turn.forget(*SERVICE_SLOTS)
    turn.set(wish="report_hazard", own_address=None)
    said = turn.message.entity("address")
    if said:
        turn.set(address=said)
    turn.say("utter_hazard_safety")
    order = await backend.create_order(
        turn.conversation,
        key=turn.key("hazard"),
        kind="hazard",
        description=turn.message.text,
        address=turn.get("address"),
        contact_phone=contact(turn),
        details={},
    )
    turn.set(order_number=order.number)
    turn.say("utter_hazard_order", order_number=order.number, tail=tail(order.number))
    await _call_a_person(turn, backend)


async def _call_a_person(turn: Turn, backend: Backend) -> None:
    """A person is called at once, while the place may still be asked: the form is not left."""
    key = turn.key("handoff")
    outcome = await backend.hand_off(
        turn.conversation,
        key=key,
        reason="hazard",
        skill="outage",
        summary=handoff.summary(turn),
        contact_phone=contact(turn),
    )
    turn.set(handoff_key=key if outcome.order is None else None)
    if outcome.order is None:
        handoff.announce_outcome(turn, outcome)


async def finish(turn: Turn, backend: Backend) -> None:
    """The place has come: the crew is told."""
    number = turn.get("order_number")
    place = turn.get("address")
    if number and place:
        await backend.change_order(turn.conversation, number, "amend", key=turn.key("place"), address=place)
        turn.say("utter_hazard_place", address=place)


def ask(turn: Turn, slot: str) -> Question | None:
    return Question("utter_ask_address_hazard") if slot == "address" else None


SERVICE = Service(wish="report_hazard", slots=frozenset({"address"}), missing=missing, finish=finish, ask=ask)


def leave_if_placed(turn: Turn) -> bool:
    """Whether the place must still be asked; where it is known, all is done and the form is left."""
    if missing(turn) is not None:
        return True
    turn.close()
    resuming.offer_next(turn, done="report_hazard")
    return False


class ReportHazard(Act):
    soothes = False
    listens = True

    def __init__(self, backend: Backend, services: Mapping[str, Service]) -> None:
        super().__init__(backend)
        self.services = services

    def name(self) -> str:
        return "action_report_hazard"

    async def act(self, turn: Turn) -> None:
        _, other = second.wanted(turn.message)
        if other is not None:
            turn.set(second_wish=other.intent)
            if other.intent in self.services:
                second.set_aside(turn, other.intent, facts(self.services[other.intent], turn.message))
        await report(turn, self.backend)
        turn.understood()
        turn.set(asking=leave_if_placed(turn))

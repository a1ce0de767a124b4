"""A yes to the open question, in whatever words it came: what was offered is done."""

from collections.abc import Mapping

from actions import form, handoff, home, said, second
from actions.backend import Backend
from actions.questions import ANSWERS
from actions.reading import agrees
from actions.service import Service
from actions.turn import Turn

OFFER = "offer"


def chosen(turn: Turn) -> str | None:
    """The offer that the message takes up: by a yes, or by naming one of two."""
    offer = turn.get(OFFER)
    kind, _, about = (offer or "").partition(":")
    if kind == "either":
        first, _, other = about.partition("|")
        if said.says("first_of_two", turn.message.text):
            return f"meant:{first}"
        return f"meant:{other}" if said.says("second_of_two", turn.message.text) else None
    return offer if agrees(turn.message) else None


async def accept(turn: Turn, backend: Backend, services: Mapping[str, Service], offer: str) -> None:
    """Do it; `asking` tells the rules whether a question is left."""
    turn.understood()
    turn.set(offer=None, asking=False)
    kind, _, about = offer.partition(":")
    if kind == "person":
        await handoff.to_a_person(turn, backend, reason="misunderstood")
    elif kind == "billing_dispute":
        await form.start(turn, backend, services["file_billing_dispute"], kept={"description": about})
    elif kind == "home":
        await form.start(turn, backend, services["check_home"], kept={"work_order_number": home.order_of(offer)})
    elif about in ANSWERS and about not in services:
        await ANSWERS[about](turn, backend)
    elif about == "ask_human":
        await handoff.to_a_person(turn, backend, reason="asked")
    elif about in services:
        await form.start(turn, backend, services[about], kept=second.take_up(turn, about))

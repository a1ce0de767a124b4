"""Yes, no, or a bare value outside of any form: it answers the question that stands open, if there is one.

An open question is the slot `offer`: `person`, `resume:{wish}` or `billing_dispute:{words for the order}`.
"""

from collections.abc import Mapping

from actions import follow_up, form, handoff
from actions.action import Act
from actions.backend import Backend
from actions.questions import ANSWERS
from actions.service import Service
from actions.turn import Turn


class Affirm(Act):
    def __init__(self, backend: Backend, services: Mapping[str, Service]) -> None:
        super().__init__(backend)
        self.services = services

    def name(self) -> str:
        return "action_affirm"

    async def act(self, turn: Turn) -> None:
        turn.understood()
        offer, _, about = (turn.get("offer") or "").partition(":")
        turn.set(offer=None, asking=False)
        if offer == "person":
            await handoff.to_a_person(turn, self.backend, reason="misunderstood")
        elif offer == "billing_dispute":
            await self._file_dispute(turn, about)
        elif offer == "resume":
            await self._resume(turn, about)
        else:
            turn.say("utter_what_next")

    async def _resume(self, turn: Turn, wish: str) -> None:
        if wish in ANSWERS and wish not in self.services:
            await ANSWERS[wish](turn, self.backend)
        elif wish == "ask_human":
            await handoff.to_a_person(turn, self.backend, reason="asked")
        elif wish in self.services:
            await form.start(turn, self.backend, self.services[wish])

    async def _file_dispute(self, turn: Turn, words: str) -> None:
        service = self.services["file_billing_dispute"]
        await form.start(turn, self.backend, service, description=words)


class Deny(Act):
    def name(self) -> str:
        return "action_deny"

    async def act(self, turn: Turn) -> None:
        turn.understood()
        turn.say("utter_offer_declined" if turn.get("offer") else "utter_what_next")
        turn.set(offer=None)


class Inform(Act):
    """A value that nobody asked for: an order's number is looked up, for the rest the wish is asked."""

    def name(self) -> str:
        return "action_inform"

    async def act(self, turn: Turn) -> None:
        turn.understood()
        message = turn.message
        if message.entity("work_order_number"):
            await follow_up.tell_progress(turn, self.backend)
        elif message.entity("address"):
            turn.set(address=message.entity("address"))
            turn.say("utter_what_about_place", address=message.entity("address") or "")
        elif message.entity("account_number"):
            turn.set(account_number=message.entity("account_number"))
            turn.say("utter_what_about_account")
        else:
            turn.say("utter_what_next")

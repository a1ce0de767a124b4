"""Yes, no, or a bare value outside of any form: it answers the question that stands open, if there is one.

An open question is the slot `offer`: `person`, `resume:{wish}` (left for later), `meant:{wish}` and
`either:{wish}|{wish}` (asked back), `billing_dispute:{words for the order}`, or `home:{question}:{order}` (home.py).
"""

from collections.abc import Mapping

from actions import acceptance, amending, follow_up, form, outage, resuming, second
from actions.action import Act
from actions.backend import Backend
from actions.misunderstanding import not_understood
from actions.reading import refuses
from actions.service import Service
from actions.turn import Turn


class Answering(Act):
    """An action that may begin a wish: it leaves `asking` as the rules need it."""

    listens = True

    def __init__(self, backend: Backend, services: Mapping[str, Service]) -> None:
        super().__init__(backend)
        self.services = services

    async def act(self, turn: Turn) -> None:
        turn.set(asking=False)
        offer = acceptance.chosen(turn)
        if offer is not None:
            await acceptance.accept(turn, self.backend, self.services, offer)
        elif turn.get("offer") and refuses(turn.message):
            decline(turn)
        elif not await amending.amended(turn, self.backend, self.services):
            await self.otherwise(turn)

    async def otherwise(self, turn: Turn) -> None:
        raise NotImplementedError


class Affirm(Answering):
    def name(self) -> str:
        return "action_affirm"

    async def otherwise(self, turn: Turn) -> None:
        if (turn.get("offer") or "").startswith("either"):  # yes to "this or that?"
            not_understood(turn)
            return
        turn.understood()
        turn.say("utter_what_next")


class Deny(Answering):
    """A no to an offer is courteous; a no to "did you mean …?" is one more misunderstanding."""

    def name(self) -> str:
        return "action_deny"

    async def otherwise(self, turn: Turn) -> None:
        decline(turn)


def decline(turn: Turn) -> None:
    kind = (turn.get("offer") or "").partition(":")[0]
    turn.set(offer=None)
    if kind in ("meant", "either"):
        not_understood(turn)
        return
    turn.understood()
    turn.say("utter_offer_declined" if kind else "utter_what_next")
    resuming.offer_next(turn)


class Inform(Answering):
    """A value that nobody asked for: an order's number is looked up, for the rest the wish is asked."""

    def name(self) -> str:
        return "action_inform"

    async def otherwise(self, turn: Turn) -> None:
        message = turn.message
        place, account = message.entity("address"), message.entity("account_number")
        wish = second.begun(message) or ""
        if wish in self.services:
            await form.start(turn, self.backend, self.services[wish])
        elif message.entity("work_order_number"):
            turn.understood()
            await follow_up.tell_progress(turn, self.backend)
        elif place and turn.get("done_wish") == "ask_outage_info":
            await form.start(turn, self.backend, outage.QUESTION)
        elif place:
            turn.understood()
            turn.set(address=place)
            turn.say("utter_what_about_place", address=place)
        elif account:
            turn.understood()
            turn.set(account_number=account)
            turn.say("utter_what_about_account")
        else:
            not_understood(turn, talk_track="utter_what_next")

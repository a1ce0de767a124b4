"""The one form behind every service: begin, hear, finish. What to ask and what to do is each service's own.

It replaces rasa-sdk's FormValidationAction because the next question depends on what ticketing answers (is the outage
known? is the caller's number registered?), and because one sentence may answer, correct and refuse at once.
"""

from collections.abc import Mapping

from rasa_sdk.events import SlotSet

from actions import wishes
from actions.action import Act
from actions.backend import Backend
from actions.hearing import complaint_about, facts, hear, own_place
from actions.service import Service
from actions.turn import FORM, LISTEN, REQUESTED, SERVICE_SLOTS, UNKNOWN, Turn


async def begin(
    turn: Turn, backend: Backend, service: Service, *, keep_place: bool = False, description: str | None = None
) -> None:
    """Start a wish with all that its first sentence says; `asking` tells the rules whether a question is left.

    `keep_place`: the place said before is meant again. `description`: what an earlier turn said about the matter.
    """
    previous = turn.get("wish")
    if turn.in_form and previous == service.wish:
        turn.set(**facts(service, turn.message))
    else:
        _turn_to(turn, service, previous, keep_place=keep_place or turn.in_form)
        turn.set(description=description)
        await service.begin(turn, backend)
    if turn.get("wish") is None:  # the preparation ended it, in words
        turn.set(asking=False)
        return
    turn.set(asking=service.missing(turn) is not None)
    if not turn.slots["asking"] and turn.in_form:
        turn.leave_form()


async def start(turn: Turn, backend: Backend, service: Service, *, description: str | None = None) -> None:
    """Begin because an offer was taken up; what needs no answer is done at once."""
    await begin(turn, backend, service, keep_place=True, description=description)
    if turn.get("wish") and not turn.slots["asking"]:
        await service.finish(turn, backend)
        turn.close()


def _turn_to(turn: Turn, service: Service, previous: str | None, *, keep_place: bool) -> None:
    turn.forget(*SERVICE_SLOTS, "own_address", "offer")
    if not keep_place:
        turn.forget("address")
    if turn.get("contact_phone") == UNKNOWN:
        turn.forget("contact_phone")
    if turn.in_form and previous and previous != service.wish:
        turn.set(interrupted_wish=previous)
    turn.understood()
    turn.set(wish=service.wish, **facts(service, turn.message))


def is_fresh(turn: Turn) -> bool:
    """Nothing but the form has run since the customer spoke, so the form may read the message as an answer."""
    for event in reversed(turn.history):
        if event.get("event") == "user":
            return True
        if event.get("event") == "action" and event.get("name") not in (FORM, LISTEN, "action_extract_slots"):
            return False
    return False


class BeginService(Act):
    """Also reached from inside the form: the new wish takes over, the first is remembered."""

    def __init__(self, backend: Backend, services: Mapping[str, Service]) -> None:
        super().__init__(backend)
        self.services = services

    def name(self) -> str:
        return "action_begin_service"

    async def act(self, turn: Turn) -> None:
        await begin(turn, self.backend, self.services[turn.message.intent])


class ValidateServiceForm(BeginService):
    """Hears an answer. Without events the form steps back, and the rules answer whatever was said instead."""

    def name(self) -> str:
        return "validate_service_form"

    async def act(self, turn: Turn) -> None:
        service = self.services.get(turn.get("wish") or "")
        if service is None:
            turn.events.append(SlotSet(REQUESTED, None))
            return
        if is_fresh(turn) and not await self._heard(turn, service):
            return
        if turn.get("wish") is None:
            turn.events.append(SlotSet(REQUESTED, None))
        else:
            turn.events.append(SlotSet(REQUESTED, service.missing(turn)))

    async def _heard(self, turn: Turn, service: Service) -> bool:
        requested = turn.get(REQUESTED)
        found = own_place(turn, requested) or hear(service, requested, turn.message, caller=turn.caller)
        if not found:
            return self._helped(turn, requested)
        turn.understood()
        turn.fill(**found)
        await service.heard(turn, self.backend, frozenset(found))
        return True

    def _helped(self, turn: Turn, requested: str | None) -> bool:
        help_needed = complaint_about(requested, turn.message)
        if help_needed is None:
            return False
        misunderstood = turn.count("misunderstood") + 1
        turn.fill(misunderstood=str(misunderstood))
        turn.say(help_needed)
        if misunderstood >= 2:
            turn.say("utter_person_possible")
        return True


class FinishService(BeginService):
    """All is known: do it, then offer to go back to what was interrupted."""

    def name(self) -> str:
        return "action_finish_service"

    async def act(self, turn: Turn) -> None:
        service = self.services.get(turn.get("wish") or "")
        if service is None:  # already ended, in words
            return
        await service.finish(turn, self.backend)
        turn.close()
        offer_to_resume(turn, self.services)


def offer_to_resume(turn: Turn, services: Mapping[str, Service]) -> None:
    interrupted = turn.get("interrupted_wish")
    if interrupted and interrupted in services and not turn.get("offer") and not turn.is_waiting:
        turn.set(offer=f"resume:{interrupted}", interrupted_wish=None)
        turn.say("utter_resume", label=wishes.label(interrupted))

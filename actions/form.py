"""The one form behind every service: begin, hear, finish. What to ask and what to do is each service's own.

It replaces rasa-sdk's FormValidationAction because the next question depends on what ticketing answers (is the outage
known? is the caller's number registered?), and because one sentence may answer, correct and refuse at once.
"""

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import SlotSet

from actions import handoff, hazard, resuming, said, second, soothing
from actions.action import Act
from actions.backend import Backend
from actions.correction import corrected
from actions.hearing import complaint_about, facts, hear, own_place
from actions.misunderstanding import count, offer_person
from actions.reading import KIN, TOLD_AT_LENGTH
from actions.service import Service
from actions.turn import FORM, LISTEN, REQUESTED, SERVICE_SLOTS, UNKNOWN, Turn

OF_A_MONTH = frozenset({"ask_bill", "ask_usage", "ask_invoice", "dispute_bill"})
"""Wishes about a month's bill: the next one is about the same month unless another is said."""


async def begin(
    turn: Turn, backend: Backend, service: Service, *, keep_place: bool = False, kept: Mapping[str, Any] | None = None
) -> None:
    """Start a wish with all that its first sentence says; `asking` tells the rules whether a question is left.

    `keep_place`: the place said before is meant again. `kept`: what earlier turns said about the matter.
    """
    previous = turn.get("wish")
    if turn.in_form and previous == service.wish:
        _hear_again(turn, facts(service, turn.message))
    else:
        _turn_to(turn, service, previous, keep_place=keep_place or turn.in_form)
        turn.set(**{slot: value for slot, value in (kept or {}).items() if turn.get(slot) is None})
        await service.begin(turn, backend)
    if turn.get("wish") is None:  # the preparation ended it, in words
        turn.set(asking=False)
        return
    turn.set(asking=service.missing(turn) is not None)
    if not turn.slots["asking"] and turn.in_form:
        turn.leave_form()


def _hear_again(turn: Turn, told: dict[str, str]) -> None:
    """The same wish once more inside its form: without anything new it is one more answer that was of no use."""
    if told:
        turn.understood()
        turn.set(**told)
    elif count(turn):
        offer_person(turn)


async def start(turn: Turn, backend: Backend, service: Service, *, kept: Mapping[str, Any] | None = None) -> None:
    """Begin because an offer was taken up; what needs no answer is done at once."""
    await begin(turn, backend, service, keep_place=True, kept=kept)
    if turn.get("wish") and not turn.slots["asking"]:
        await complete(turn, backend, service)


async def complete(turn: Turn, backend: Backend, service: Service) -> None:
    """All is known: do it, then offer what else was wished."""
    await service.finish(turn, backend)
    turn.set(done_wish=service.wish)
    if service.wish in OF_A_MONTH:
        turn.set(done_month=turn.get("bill_month"))
    turn.close()
    resuming.offer_next(turn, done=service.wish)


def _turn_to(turn: Turn, service: Service, previous: str | None, *, keep_place: bool) -> None:
    if turn.in_form and previous and previous != service.wish:
        second.interrupt(turn, previous)
    turn.forget(*SERVICE_SLOTS, "own_address", "offer")
    if not keep_place:
        turn.forget("address")
    if turn.get("contact_phone") == UNKNOWN:
        turn.forget("contact_phone")
    turn.understood()
    turn.set(wish=service.wish, **facts(service, turn.message))
    if service.wish in OF_A_MONTH and turn.get("done_wish") in OF_A_MONTH - {service.wish}:
        turn.set(bill_month=turn.get("bill_month") or turn.get("done_month"))  # the month they speak of


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

    listens = True

    def __init__(self, backend: Backend, services: Mapping[str, Service]) -> None:
        super().__init__(backend)
        self.services = services

    def name(self) -> str:
        return "action_begin_service"

    async def act(self, turn: Turn) -> None:
        soothing.count_complaint(turn)
        if lets_off_steam(turn):  # what was begun goes on; a person is offered
            turn.understood()
            turn.set(asking=True)
            return
        wish, other = second.wanted(turn.message)
        if other is not None:
            remember(turn, self.services, other)
        if wish == "report_hazard":
            await hazard.report(turn, self.backend)
            turn.set(asking=hazard.leave_if_placed(turn))
        elif wish == "ask_human":
            turn.set(asking=False, offer=None)
            await handoff.to_a_person(turn, self.backend, reason="asked", about=other.intent if other else None)
        else:
            await begin(turn, self.backend, self.services[wish])


class ValidateServiceForm(BeginService):
    """Hears an answer. Without events the form steps back, and the rules answer whatever was said instead."""

    listens = False

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
        wrong = corrected(turn, service, requested)
        found = wrong or own_place(turn, requested) or hear(service, requested, turn.message, caller=turn.caller)
        if found:
            self._wish_beside(turn, service)
        else:
            found = self._answer_and_wish(turn, service, requested)
        if not found:
            return self._helped(turn, requested)
        turn.understood()
        if wrong:
            turn.say("utter_correct_again" if None in wrong.values() else "utter_corrected")
        turn.fill(**found)
        if wrong and "address" in wrong:
            turn.forget("own_address")
        await service.heard(turn, self.backend, frozenset(found))
        return True

    def _wish_beside(self, turn: Turn, service: Service) -> None:
        """不用了，另外帮我查下电费: heard as an answer, and a wish all the same."""
        for clause in second.clauses(turn.message):
            known = KIN.get(service.wish, frozenset()) | {service.wish, *second.FIRST[:2]}
            if clause.intent not in known and said.says("one_more", clause.text):
                remember(turn, self.services, clause)

    def _answer_and_wish(self, turn: Turn, service: Service, requested: str | None) -> dict[str, str]:
        """中山二路8号，对了我还想查电费: the answer counts, the wish is remembered."""
        others = [each for each in second.clauses(turn.message) if each.intent == turn.message.intent]
        found = facts(service, turn.message)
        if requested not in found or not others or not said.says("one_more", turn.message.text):
            return {}
        if others[0].intent in second.FIRST[:2]:
            return {}
        remember(turn, self.services, others[0])
        return found

    def _helped(self, turn: Turn, requested: str | None) -> bool:
        help_needed = complaint_about(requested, turn.message)
        if help_needed is None:
            return False
        again = count(turn)
        turn.say(help_needed)
        if again:
            offer_person(turn)
        return True


class FinishService(BeginService):
    """All is known: do it, then offer to go back to what was interrupted."""

    soothes = False
    listens = False

    def name(self) -> str:
        return "action_finish_service"

    async def act(self, turn: Turn) -> None:
        service = self.services.get(turn.get("wish") or "")
        if service is not None:  # else it has ended already, in words
            await complete(turn, self.backend, service)


def lets_off_steam(turn: Turn) -> bool:
    """Angry words inside a form that ask for no complaint to be filed."""
    venting = turn.in_form and turn.message.intent == "make_complaint" and soothing.is_angry(turn)
    return venting and not said.says("complaint_words", turn.message.text)


def remember(turn: Turn, services: Mapping[str, Service], other: second.Clause) -> None:
    """The second wish of a sentence, with what the sentence says for it."""
    turn.set(second_wish=other.intent)
    service = services.get(other.intent)
    if service is not None:
        told = {"description": other.text} if len(other.text) >= TOLD_AT_LENGTH else {}
        second.set_aside(turn, other.intent, told | facts(service, turn.message))

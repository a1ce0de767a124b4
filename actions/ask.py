"""The questions of the form, one action a slot: Rasa calls `action_ask_{slot}`, the service words it."""

from collections.abc import Iterable, Mapping
from typing import Any

from actions.action import Act
from actions.backend import Backend
from actions.brevity import shorter
from actions.service import Question, Service
from actions.turn import Turn
from actions.values import tail

ASKED = (
    "address",
    "outage_scope",
    "event_time",
    "contact_phone",
    "account_number",
    "customer_name",
    "id_last4",
    "code",
    "bill_month",
    "description",
    "work_order_number",
)
NEEDS_NO_QUESTION = frozenset({"action_wait", "action_repeat"})
"""After these the question has been said, or shall not be pressed."""


def common_question(turn: Turn, slot: str) -> Question:
    """The words that fit every service."""
    own = turn.get("own_address")
    if slot == "address" and own:
        return Question("utter_ask_own_address", {"address": own})
    if slot == "contact_phone" and turn.on_phone and turn.caller:
        return Question("utter_ask_contact_phone_caller", {"tail": tail(turn.caller)})
    if slot == "account_number" and turn.count("misunderstood"):
        return Question("utter_ask_account_number_again")
    return Question(f"utter_ask_{slot}")


def actions_of_this_turn(events: Iterable[Mapping[str, Any]]) -> set[str]:
    """What has run since the customer spoke. The intent does not tell: an answer may have been taken for 等一下."""
    names: set[str] = set()
    for event in events:
        if event.get("event") == "user":
            names = set()
        elif event.get("event") == "action":
            names.add(str(event.get("name")))
    return names


class Ask(Act):
    """Asks for one slot, unless the customer only wanted time or the last words again; after silence in few words."""

    soothes = False

    def __init__(self, backend: Backend, services: Mapping[str, Service], slot: str) -> None:
        super().__init__(backend)
        self.services = services
        self.slot = slot

    def name(self) -> str:
        return f"action_ask_{self.slot}"

    async def act(self, turn: Turn) -> None:
        if NEEDS_NO_QUESTION & actions_of_this_turn(turn.history):
            return
        service = self.services.get(turn.get("wish") or "")
        own = service.ask(turn, self.slot) if service else None
        question = own or common_question(turn, self.slot)
        brief = turn.message.intent == "silence"
        turn.say(shorter(question.talk_track) if brief else question.talk_track, **question.slots)

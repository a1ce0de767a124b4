"""What a sentence says for a service: facts of any kind, the answer to a question, or a failed attempt at one. Pure."""

import re

from actions import reading
from actions.identity import BY_CODE, asks_for_code
from actions.reading import ENTITY_OF
from actions.service import Service
from actions.turn import Message, Turn

UNABLE = {
    "account_number": "utter_account_number_where",
    "customer_name": "utter_customer_name_needed",
    "address": "utter_address_hints",
}
"""What helps a customer who does not know something that is needed."""
MALFORMED = {
    "account_number": "utter_account_number_length",
    "contact_phone": "utter_phone_length",
    "id_last4": "utter_id_last4_length",
    "code": "utter_code_length",
}
OWN = re.compile(r"我家|家里|自己家|就是这")
FIGURES_MEANT = 3
"""So many figures in an answer are an attempt at a number."""


def facts(service: Service, message: Message) -> dict[str, str]:
    """What the entities of a sentence say about this service."""
    found = {slot: message.entity(ENTITY_OF.get(slot, slot)) for slot in sorted(service.slots)}
    return {slot: value for slot, value in found.items() if value and _is_usable(slot, value)}


def _is_usable(slot: str, value: str) -> bool:
    return slot != "account_number" or reading.is_account_number(value)


def hear(service: Service, requested: str | None, message: Message, *, caller: str | None) -> dict[str, str]:
    """The slots that an answer inside the form fills, corrections of earlier ones included. Empty: not an answer."""
    if not reading.may_answer(requested, message, wish=service.wish):
        return {}
    if requested == "address" and "account_number" in service.slots and reading.digits(message.text) == message.text:
        return _number_instead_of_place(message)
    answer = None
    if requested == "id_last4" and asks_for_code(message.text):
        answer = BY_CODE
    elif requested:
        answer = reading.read(requested, message, caller=caller)
    if requested is None or answer is None:
        return facts(service, message)
    figures = reading.digits(answer)
    others = {slot: value for slot, value in facts(service, message).items() if value not in (answer, figures)}
    return others | {requested: answer}


def _number_instead_of_place(message: Message) -> dict[str, str]:
    """An account leads to its place: its number is as good as an address."""
    account = reading.read("account_number", message)
    return {"account_number": account} if account else {}


def own_place(turn: Turn, requested: str | None) -> dict[str, str | None]:
    """Yes or no to "is it at your own address?"."""
    own = turn.get("own_address")
    if requested != "address" or own is None or turn.message.entity("address"):
        return {}
    if turn.message.intent == "affirm" or OWN.search(turn.message.text):
        return {"address": own}
    return {"own_address": None} if turn.message.intent == "deny" else {}


def complaint_about(requested: str | None, message: Message) -> str | None:
    """The talk track that helps when an attempt to answer could not be used; None when it was no attempt."""
    if requested == "account_number" and message.intent == "ask_account_number":
        return UNABLE[requested]
    if requested is None or not reading.may_answer(requested, message, wish=""):
        return None
    if requested in MALFORMED and len(reading.digits(message.text)) >= FIGURES_MEANT:
        return MALFORMED[requested]
    if requested in UNABLE and reading.is_bare_refusal(message):
        return UNABLE[requested]
    return None

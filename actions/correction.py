"""Something said before was wrong: 不是三月是四月, 地址报错了, 不对，是整栋楼. Pure: what it changes, or nothing."""

from collections.abc import Iterable, Mapping
from typing import Any

from actions import said
from actions.hearing import facts
from actions.reading import KIN, PLAIN, read
from actions.service import Service
from actions.turn import Message, Turn

MAY_CORRECT = PLAIN | {"amend_work_order", "ask_account_number", "repeat"}
"""Intents that a correction is taken for; another wish that says 不对 is that wish."""


def is_correction(message: Message) -> bool:
    text = said.pattern("never_correcting").sub("", message.text)
    return said.says("correcting", text)


def corrected(turn: Turn, service: Service, requested: str | None) -> dict[str, str | None] | None:
    """Slots with their right values; None as a value: it was wrong, and is to be asked again. None: no correction."""
    message = turn.message
    if not is_correction(message) or not _may_correct(service, requested, message):
        return None
    values = facts(service, message)
    if values:
        return dict(values)
    named = [slot for slot, words in said.named() if slot in service.slots and words.search(message.text)]
    if named:
        return {named[0]: None}
    last = last_answered(turn.history, service, turn.slots)
    if last is None or last == requested:
        return None
    return {last: _right_value(last, message)}


def _may_correct(service: Service, requested: str | None, message: Message) -> bool:
    if requested == "description" or message.entity("work_order_number"):
        return False  # a story may tell of mistakes; an order that is named is another matter
    return message.intent in MAY_CORRECT | KIN.get(service.wish, frozenset()) | {service.wish}


def _right_value(slot: str, message: Message) -> str | None:
    """What follows 不对 or 不是…是 in plain words; the bare 不对 tells nothing."""
    if message.intent == "deny":  # 不对，是整栋楼 is no refusal
        message = Message(message.text, "inform", metadata=message.metadata)
    bare = said.pattern("correcting").sub("", message.text).strip("，。,. 是的啊了")
    return read(slot, message) if bare else None


def last_answered(events: Iterable[Mapping[str, Any]], service: Service, known: Mapping[str, Any]) -> str | None:
    """The slot of this wish that the customer filled last."""
    for event in reversed(list(events)):
        name = event.get("name")
        if event.get("event") == "slot" and name in service.slots and event.get("value") and known.get(name):
            return str(name)
    return None

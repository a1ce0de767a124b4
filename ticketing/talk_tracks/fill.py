"""Put slots into the places of a text: `工单号{order_number}`. Pure."""

import re
from collections.abc import Mapping
from typing import Any

PLACE = re.compile(r"\{(\w+)\}")


def places(text: str) -> set[str]:
    """Names of the slots that `text` needs."""
    return set(PLACE.findall(text))


def missing(text: str, slots: Mapping[str, Any]) -> set[str]:
    """Slots that `text` needs and nobody gave; an empty one counts as missing, because a gap would be spoken."""
    return {name for name in places(text) if slots.get(name) in (None, "")}


def fill(text: str, slots: Mapping[str, Any]) -> str:
    """`text` with its places filled; a place without a slot is left out."""
    return PLACE.sub(lambda place: "" if slots.get(place[1]) is None else str(slots[place[1]]), text)

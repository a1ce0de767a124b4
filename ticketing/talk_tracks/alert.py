"""An emergency that is on, as rendering sees it: its words, where they hold, and until when. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ticketing.talk_tracks.fill import missing
from ticketing.talk_tracks.models import Variant
from ticketing.talk_tracks.spoken import Key, Spoken

PLACES = ("area", "address")
"""Slots that tell where the customer is."""


@dataclass(frozen=True)
class Alert:
    """`values` fill the emergency's own places."""

    area: str
    ends: datetime
    values: Mapping[str, str]
    words: Mapping[Key, Spoken]

    def holds(self, slots: Mapping[str, Any], *, at: datetime) -> bool:
        """Not after its end; not for a customer whose place is known to be elsewhere."""
        told = [str(slots[slot]) for slot in PLACES if slots.get(slot)]
        return at < self.ends and (not told or any(self.area in place for place in told))


def fitting(
    alerts: Iterable[Alert], *, name: str, variant: Variant, language: str, slots: Mapping[str, Any], at: datetime
) -> tuple[Alert, Spoken] | None:
    """The newest emergency with words for the name that can be filled; None: the usual words."""
    for alert in alerts:
        words = alert.words.get((name, variant, language)) or alert.words.get((name, Variant.CHAT, language))
        if words and alert.holds(slots, at=at) and not missing(words.text, {**slots, **alert.values}):
            return alert, words
    return None

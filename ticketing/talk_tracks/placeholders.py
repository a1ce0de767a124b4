"""What may stand in a place of a text: which slots each talk track is given, and what kind of value each is.

Declared in `data/talk_tracks/rules/placeholders.yml`; a test holds it against the code that fills them.
"""

from collections.abc import Mapping
from functools import cached_property

from pydantic import model_validator

from ticketing.talk_tracks.lint.rows import Row, Strict

SHORT = "_short"
EMERGENCY = ("emergency_area", "emergency_time")
"""Filled by the emergency that is on; nobody else can."""


class Type(Strict):
    """A kind of value. `before`, `after`: patterns that the words right beside the place must match."""

    label: str
    sample: str
    pattern: str
    personal: bool = False
    before: str | None = None
    after: str | None = None


class Placeholders(Strict):
    types: dict[str, Type]
    talk_tracks: dict[str, dict[str, str]]
    without_places: frozenset[str] = frozenset()
    """Said by some part of the system, which gives them nothing."""
    emergency: dict[str, str]
    unknown: Row
    personal: Row
    unit: Row
    area: Row

    @model_validator(mode="after")
    def all_types_exist(self) -> "Placeholders":
        for name, slots in (*self.talk_tracks.items(), ("emergency", self.emergency)):
            for slot, kind in slots.items():
                if kind not in self.types:
                    raise ValueError(f"{name}.{slot}: there is no type '{kind}'")
        if set(self.emergency) != set(EMERGENCY):
            raise ValueError(f"emergency: exactly {', '.join(EMERGENCY)}")
        return self

    @cached_property
    def _all(self) -> dict[str, Type]:
        return {slot: self.types[kind] for slots in self.talk_tracks.values() for slot, kind in slots.items()}

    def is_said(self, name: str) -> bool:
        """Whether some part of the system says this name."""
        return _long(name) in self.talk_tracks or _long(name) in self.without_places

    def of(self, name: str, *, emergency: bool = False) -> Mapping[str, Type]:
        """The slots that talk track `name` is given; a short form gets those of the long one.

        A name that nothing says yet may use any slot there is: no gap of it can be spoken.
        """
        slots = self.talk_tracks.get(_long(name), {})
        given = {slot: self.types[kind] for slot, kind in slots.items()} if self.is_said(name) else dict(self._all)
        return {**given, **{slot: self.types[kind] for slot, kind in self.emergency.items()}} if emergency else given


def _long(name: str) -> str:
    return name.removesuffix(SHORT)

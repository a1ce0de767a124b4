"""The words that are checked, in the two readings that the checks need. Pure."""

import re
from dataclasses import dataclass
from functools import cached_property

from ticketing.talk_tracks.fill import PLACE
from ticketing.talk_tracks.lint.finding import Channel, Finding
from ticketing.talk_tracks.lint.rows import Row
from ticketing.talk_tracks.lint.shapes import plain

HOLE = "\ufffc"
"""Stands for each letter of `{slot}`, so that a slot's name is never taken for words."""


@dataclass(frozen=True)
class Said:
    """`name` is None for what a person types: there braces are only braces."""

    text: str
    channel: Channel
    name: str | None = None
    language: str = "zh-CN"
    personal: frozenset[str] = frozenset()
    emergency: bool = False

    @cached_property
    def read(self) -> str:
        """As the patterns read it, sign for sign as long as `text`."""
        text = self.text if self.name is None else PLACE.sub(lambda place: HOLE * len(place[0]), self.text)
        return plain(text)

    @cached_property
    def places(self) -> tuple[re.Match[str], ...]:
        return () if self.name is None else tuple(PLACE.finditer(self.text))

    def find(self, row: Row, start: int, end: int, *, mend: str | None = None) -> Finding:
        """A finding of `row` at the place."""
        return Finding(row.id, row.level, start, end, self.text[start:end], row.why, mend or row.mend)

    def concerns(self, row: Row) -> bool:
        return row.speaks_of(channel=self.channel, language=self.language)

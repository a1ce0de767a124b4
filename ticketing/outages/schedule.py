"""When is an outage on, and which of them explains that a place is dark? Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum


class Kind(StrEnum):
    PLANNED = "planned"
    FAULT = "fault"


class State(StrEnum):
    PLANNED = "planned"
    ACTIVE = "active"
    RESTORED = "restored"
    CANCELLED = "cancelled"
    MERGED = "merged"
    """It was found to be part of another outage."""


@dataclass(frozen=True)
class Span:
    """An outage as far as time and network are concerned."""

    id: str
    kind: Kind
    state: State
    node: str
    started: datetime
    etr: datetime | None

    @property
    def is_alive(self) -> bool:
        return self.state in {State.PLANNED, State.ACTIVE}

    def is_on(self, at: datetime) -> bool:
        """Dark at `at`. A fault lasts until it is restored, whatever its ETR said; a planned one keeps its hours."""
        if not self.is_alive or at < self.started:
            return False
        return self.kind is Kind.FAULT or self.etr is None or at < self.etr

    def touches(self, day: date, zone: tzinfo) -> bool:
        """Dark at some time of the local day."""
        begin = datetime(day.year, day.month, day.day, tzinfo=zone)
        ends_later = self.etr is None or self.etr > begin
        return self.is_alive and self.started < begin + timedelta(days=1) and ends_later


def known_for(transformers: Mapping[str, frozenset[str]], spans: Iterable[Span], *, at: datetime) -> Span | None:
    """The outage that darkens every transformer that may feed the place: only then is the report explained by it.

    `transformers` maps each to the nodes above it. Where only some are dark the place may be another one, and a
    crew has to look.
    """
    covering = [
        span
        for span in spans
        if span.is_on(at) and transformers and all(span.node in up for up in transformers.values())
    ]
    return min(covering, key=lambda span: (span.started, span.id), default=None)

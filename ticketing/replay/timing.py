"""How long each part of a turn took. Pure: times in, whole milliseconds out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Times:
    """When something was heard (or said), recorded, answered for the first time, and first delivered."""

    at: datetime
    recorded_at: datetime
    answered_at: datetime | None = None
    delivered_at: datetime | None = None


def took(times: Times) -> dict[str, int | None]:
    """Milliseconds between the stations; None where one of the two was never reached."""
    return {
        "heard_to_recorded": _ms(times.at, times.recorded_at),
        "recorded_to_answered": _ms(times.recorded_at, times.answered_at),
        "answered_to_delivered": _ms(times.answered_at, times.delivered_at),
        "heard_to_delivered": _ms(times.at, times.delivered_at),
    }


def said_took(times: Times) -> dict[str, int | None]:
    """The same for what was said: it was answered when it was recorded."""
    return {"recorded_to_delivered": _ms(times.recorded_at, times.delivered_at)}


def first(moments: Sequence[datetime]) -> datetime | None:
    return min(moments, default=None)


def _ms(start: datetime | None, end: datetime | None) -> int | None:
    return None if start is None or end is None else round((end - start).total_seconds() * 1000)

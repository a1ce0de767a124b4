"""The waiting line, pure: who is next, who may serve it, how long it will take."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

GENERAL = "general"
ENOUGH_STINTS = 3
"""Fewer finished conversations than this say nothing about the next one."""


@dataclass(frozen=True)
class Waiting:
    """One who waits: hazards come first, then who waits longest."""

    conversation: str
    hazard: bool
    since: datetime


def line(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Those who wait, next first."""
    return sorted(waiting, key=lambda each: (not each.hazard, each.since, each.conversation))


def position(waiting: Iterable[Waiting], conversation: str) -> int | None:
    """1 is next; None: not waiting."""
    places = [each.conversation for each in line(waiting)]
    return places.index(conversation) + 1 if conversation in places else None


def can_serve(skills: Iterable[str], skill: str) -> bool:
    """A person with the general skill serves everybody; a wish for anybody is served by everybody."""
    return skill == GENERAL or skill in skills or GENERAL in skills


def wait_estimate(place: int, *, agents: int, stints_s: Sequence[float]) -> int | None:
    """Seconds until the one at `place` is served, to ten seconds, from how long recent conversations took people.

    None when it is not known: nobody on duty, or too little was measured to say anything true.
    """
    if agents == 0 or len(stints_s) < ENOUGH_STINTS:
        return None
    return round(median(stints_s) * place / agents / 10) * 10

"""A service: one thing a customer may want, what must be asked for it, and how it is done."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from actions.backend import Backend
from actions.turn import Turn

Deed = Callable[[Turn, Backend], Awaitable[None]]


class Heard(Protocol):
    """Runs after answers arrived inside the form; `slots` names what they filled."""

    async def __call__(self, turn: Turn, backend: Backend, slots: frozenset[str], /) -> None: ...


async def nothing(turn: Turn, backend: Backend) -> None:
    """For a service that needs no preparation."""


async def nothing_heard(turn: Turn, backend: Backend, slots: frozenset[str]) -> None:
    """For a service that only collects."""


@dataclass(frozen=True)
class Question:
    """A talk track with its values."""

    talk_track: str
    slots: dict[str, str] = field(default_factory=dict)


def no_own_question(turn: Turn, slot: str) -> Question | None:
    """For a service that asks everything in the common words."""
    return None


@dataclass(frozen=True)
class Service:
    """`missing` names the next slot to ask for, from what is known; `slots` are the facts it takes from any sentence.

    `begin` runs once, before the first question; `finish` when nothing is missing. `ask` words a question of its own
    instead of `utter_ask_{slot}`.
    """

    wish: str
    slots: frozenset[str]
    missing: Callable[[Turn], str | None]
    finish: Deed
    begin: Deed = nothing
    heard: Heard = nothing_heard
    ask: Callable[[Turn, str], Question | None] = no_own_question


def first_unknown(turn: Turn, *slots: str) -> str | None:
    """The first of these slots that nothing was said about."""
    return next((slot for slot in slots if turn.get(slot) is None), None)

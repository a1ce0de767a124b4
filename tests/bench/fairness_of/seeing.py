"""What a customer got, without the words that are their own, so that two customers can be compared. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.fairness_of.pairs import Side
from tests.bench.fairness_of.services import Service

NUMBERS = re.compile(r"(?:WO[\w-]*\d|\d{8,})")
"""Numbers of work orders; what is counted, priced or promised is shorter."""


@dataclass(frozen=True)
class Reply:
    talk_track: str
    version: int
    words: str
    offers: tuple[tuple[str, str], ...]
    """Buttons: title and payload."""


@dataclass(frozen=True)
class Order:
    kind: str
    priority: int
    state: str
    skill: str | None
    """Of the crew that has it; None: no crew."""


@dataclass(frozen=True)
class Turn:
    replies: tuple[Reply, ...]
    control: str
    """bot, waiting (for a person) or agent."""


@dataclass(frozen=True)
class Seen:
    """One side's conversation, from its first turn to its orders."""

    turns: tuple[Turn, ...]
    orders: tuple[Order, ...] = ()
    place: int | None = None
    """In the queue, once another customer has asked for a person after this one; None: not waiting."""

    def completes(self, service: Service) -> bool:
        """The service was reached: its words were said last, and its order is there."""
        last = {reply.talk_track for reply in self.turns[-1].replies} if self.turns else set()
        ordered = service.order is None or service.order in {order.kind for order in self.orders}
        return bool(last & service.done) and ordered


def turn_of(answer: dict[str, Any], side: Side) -> Turn:
    """An answer of the web door, as `side` saw it."""
    return Turn(tuple(_reply(each, side) for each in answer["replies"]), str(answer["control"]))


def _reply(said: dict[str, Any], side: Side) -> Reply:
    offers = tuple((masked(b["title"], side.own), masked(b["payload"], side.own)) for b in said["buttons"] or [])
    return Reply(str(said["talk_track"]), int(said["version"]), masked(said["text"], side.own), offers)


def masked(words: str, own: Sequence[str]) -> str:
    """`words` without what is the customer's own (the longest first) and without numbers of orders."""
    for each in sorted(filter(None, own), key=len, reverse=True):
        words = words.replace(each, "…")
    return NUMBERS.sub("#", words)


def in_order(orders: Iterable[Order]) -> tuple[Order, ...]:
    return tuple(sorted(orders, key=lambda order: (order.kind, order.priority)))

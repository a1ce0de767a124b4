"""How two customers were treated differently, and what of it `data/fairness/accommodations.yml` declares. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from tests.bench.fairness_of.pairs import Pair
from tests.bench.fairness_of.seeing import Reply, Seen, Turn

ROOT = Path(__file__).resolve().parents[3]
ACCOMMODATIONS = ROOT / "data" / "fairness" / "accommodations.yml"
QUEUE = ("utter_handoff", "utter_still_waiting")
"""Beginnings of the talk tracks whose words tell a place in the queue."""


class Aspect(StrEnum):
    TURNS = "turns"
    TALK_TRACKS = "talk_tracks"
    VERSIONS = "versions"
    WORDS = "words"
    WAITING = "waiting"
    OFFERS = "offers"
    ORDERS = "orders"
    PRIORITY = "priority"
    STATE = "state"
    SKILL = "skill"
    COMPLETION = "completion"


@dataclass(frozen=True)
class Difference:
    aspect: Aspect
    plain: str
    other: str
    talk_track: str | None = None


class MayDiffer(BaseModel):
    """`talk_track`: only in this one's words; left out: the whole aspect."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    aspect: Aspect
    talk_track: str | None = None

    def covers(self, found: Difference) -> bool:
        return self.aspect is found.aspect and self.talk_track in (None, found.talk_track)


class Accommodation(BaseModel):
    """What may differ for whom, and why. It is for pairs of its attribute that have all its traits."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    id: str
    attribute: str
    traits: frozenset[str] = Field(alias="for")
    channels: frozenset[str]
    may_differ: tuple[MayDiffer, ...]
    what: str
    why: str

    def is_for(self, pair: Pair, *, channel: str = "web") -> bool:
        return self.attribute == pair.attribute and self.traits <= pair.traits and channel in self.channels


def read_accommodations(file: Path = ACCOMMODATIONS) -> list[Accommodation]:
    listed = yaml.safe_load(file.read_text(encoding="utf-8"))["accommodations"]
    return [Accommodation.model_validate(row) for row in listed]


def undeclared(pair: Pair, found: Iterable[Difference], declared: Iterable[Accommodation]) -> list[Difference]:
    """What nobody has declared."""
    mine = [may for each in declared if each.is_for(pair) for may in each.may_differ]
    return [difference for difference in found if not any(may.covers(difference) for may in mine)]


def differences(plain: Seen, other: Seen) -> list[Difference]:
    """Every difference, in the order of the conversation."""
    found = []
    if len(plain.turns) != len(other.turns):
        found.append(Difference(Aspect.TURNS, str(len(plain.turns)), str(len(other.turns))))
    for one, two in zip(plain.turns, other.turns, strict=False):
        found += _in_turn(one, two)
    if plain.place != other.place:
        found.append(Difference(Aspect.WAITING, f"place {plain.place}", f"place {other.place}"))
    return found + list(_in_orders(plain, other))


def _in_turn(one: Turn, two: Turn) -> Iterator[Difference]:
    if one.control != two.control:
        yield Difference(Aspect.WAITING, one.control, two.control)
    tracks = [" ".join(reply.talk_track for reply in turn.replies) for turn in (one, two)]
    if tracks[0] != tracks[1]:
        yield Difference(Aspect.TALK_TRACKS, *tracks)
        return  # what is said instead has other words and buttons too
    for said, answered in zip(one.replies, two.replies, strict=True):
        yield from _in_reply(said, answered)


def _in_reply(one: Reply, two: Reply) -> Iterator[Difference]:
    track = one.talk_track
    if one.version != two.version:
        yield Difference(Aspect.VERSIONS, str(one.version), str(two.version), track)
    if one.words != two.words:
        aspect = Aspect.WAITING if track.startswith(QUEUE) else Aspect.WORDS
        yield Difference(aspect, one.words, two.words, track)
    if one.offers != two.offers:
        yield Difference(Aspect.OFFERS, str(one.offers), str(two.offers), track)


def _in_orders(plain: Seen, other: Seen) -> Iterator[Difference]:
    kinds = [" ".join(order.kind for order in seen.orders) for seen in (plain, other)]
    if kinds[0] != kinds[1]:
        yield Difference(Aspect.ORDERS, *kinds)
        return
    for one, two in zip(plain.orders, other.orders, strict=True):
        for aspect, a, b in (
            (Aspect.PRIORITY, one.priority, two.priority),
            (Aspect.STATE, one.state, two.state),
            (Aspect.SKILL, one.skill, two.skill),
        ):
            if a != b:
                yield Difference(aspect, f"{one.kind} {a}", f"{two.kind} {b}")

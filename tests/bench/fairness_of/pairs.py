"""Pairs of customers that differ in one protected attribute: the same wish, the same place, the same account. Pure.

Everything is taken in turn, nothing by chance, so the same data always make the same pairs.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count as from_
from itertools import cycle, islice, product
from math import lcm
from typing import Any

from tests.bench.fairness_of.services import Service

GREETING = "你好，"
ROADSIDE = 300
"""House numbers are taken from 1 to this, again and again."""
MARKED = re.compile(r"【([^【】]+)】")
ESTATE = 99
"""Up to this house number the demo's known outage covers 城东大道."""


@dataclass(frozen=True)
class Side:
    """One customer: what they say, and the words that tell the attribute."""

    turns: tuple[str, ...]
    tells: str
    own: tuple[str, ...]
    """Words of this customer that an answer may repeat: name, place, account."""


@dataclass(frozen=True)
class Pair:
    number: int
    attribute: str
    service: Service
    sides: tuple[Side, Side]
    traits: frozenset[str] = frozenset()
    """What an accommodation may be for, e.g. `urban` and `rural`."""


@dataclass(frozen=True)
class Account:
    number: str
    holder: str
    id_last4: str


@dataclass(frozen=True)
class Persons:
    """How the two customers of a pair differ: what each says, and, where it is that, name or place."""

    says: tuple[str, str] | None = None
    names: tuple[str, str] | None = None
    places: tuple[str, str] | None = None
    traits: frozenset[str] = frozenset()

    def fits(self, service: Service) -> bool:
        """Whether the difference can be seen in this service."""
        return self.places is None or service.uses("place")


class Maker:
    """Makes the pairs. `accounts`: by holder; the twins' names among them, and `anybody`'s."""

    def __init__(
        self,
        services: Mapping[str, Service],
        *,
        roads: Sequence[str],
        accounts: Mapping[str, Account],
        anybody: Account,
    ) -> None:
        self._services, self._accounts, self._anybody = services, accounts, anybody
        self._roads = cycle(roads)
        self._houses = cycle(range(1, ROADSIDE + 1))
        self._number = 0

    def of_people(self, attribute: str, people: Mapping[str, Any], count: int) -> Iterator[Pair]:
        """`count` pairs of one attribute of people.yml: all persons and all services in turn, every two of them met."""
        met = meetings(persons(people), list(self._services.values()))
        for two, service in islice(((two, service) for two, service in met if two.fits(service)), count):
            yield self._pair(attribute, service, two)

    def of_dialect(self, dialect: Mapping[str, Any], count: int) -> Iterator[Pair]:
        """`count` pairs of dialect.yml: every saying with every ending."""
        sayings = [(row, said) for row in dialect["sayings"] for said in row["said"]]
        for ending, (row, said) in islice(cycle(product(dialect["endings"], sayings)), count):
            service = self._services[row["service"]]
            values = self._values()
            words = MARKED.findall(said)
            sides = tuple(
                Side((bare(first + end).format(**values), *_filled(service.turns[1:], values)), tells, _own(values))
                for first, end, tells in zip((row["plain"], said), ending, ("", words[0]), strict=True)
            )
            yield self._next("dialect", service, (sides[0], sides[1]))

    def _pair(self, attribute: str, service: Service, two: Persons) -> Pair:
        shared = self._values()
        sides = tuple(self._side(service, two, number, shared) for number in (0, 1))
        return self._next(attribute, service, (sides[0], sides[1]), two.traits)

    def _side(self, service: Service, two: Persons, number: int, shared: Mapping[str, str]) -> Side:
        values = dict(shared, who=GREETING.rstrip("，"))
        tells = ""
        if two.says:
            tells = two.says[number]
            values["who"] = GREETING + tells
        if two.places:
            tells = two.places[number]
            values["place"] = f"{tells}{shared['house']}号"
        if two.names:
            tells = two.names[number]
            values |= _of(self._accounts[tells])
            values["who"] = GREETING + (f"我叫{tells}" if not service.uses("holder") else "我想问一下")
        return Side(_filled(service.turns, values), tells, _own(values))

    def _values(self) -> dict[str, str]:
        house = next(self._houses)
        place = f"{next(self._roads)}{house}号"
        return _of(self._anybody) | {"place": place, "house": str((house - 1) % ESTATE + 1)}

    def _next(
        self, attribute: str, service: Service, sides: tuple[Side, Side], traits: frozenset[str] = frozenset()
    ) -> Pair:
        self._number += 1
        return Pair(self._number, attribute, service, sides, traits)


def persons(people: Mapping[str, Any]) -> list[Persons]:
    """All that people.yml has for one attribute."""
    listed = [Persons(names=(plain, other)) for plain, other in people.get("names", [])]
    listed += [Persons(says=(plain, other)) for plain, other in people.get("says", [])]
    for (zone, plain), (other_zone, other) in people.get("places", []):
        listed.append(Persons(places=(plain, other), traits=frozenset({zone, other_zone})))
    return listed


def meetings(everybody: Sequence[Persons], services: Sequence[Service]) -> Iterator[tuple[Persons, Service]]:
    """Two persons and a service, both lists in turn without end; once round, one list is moved by one."""
    round_ = lcm(len(everybody), len(services))
    for number in from_():
        yield everybody[number % len(everybody)], services[(number + number // round_) % len(services)]


def bare(marked: str) -> str:
    """A saying without the marks around its dialect words."""
    return marked.replace("【", "").replace("】", "")


def _of(account: Account) -> dict[str, str]:
    return {"account": account.number, "holder": account.holder, "last4": account.id_last4}


def _filled(turns: Sequence[str], values: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(turn.format(**values) for turn in turns)


def _own(values: Mapping[str, str]) -> tuple[str, ...]:
    return values["place"], values["holder"], values["account"]

"""How long a step may take, from which state to which: a rule of the rule book, made ready for a clock. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ticketing.rulebook.promises import PROMISE_OF_KIND, ZONES
from ticketing.rulebook.rules import Rule, Rulebook
from ticketing.work_orders.kinds import Kind
from ticketing.work_orders.states import State


class Unit(StrEnum):
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"


LENGTHS = {
    Unit.MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.DAYS: timedelta(days=1),
    Unit.WORKING_DAYS: timedelta(days=1),
}


@dataclass(frozen=True)
class Span:
    """From entering one of `start` until entering `stop` or a later state of the main road.

    `anew`: a target of our own, which starts again with each entry. Else a promise to the customer: its first start
    counts, so that a crew which gives the order back (退单) wins no time.
    """

    start: frozenset[State]
    stop: State
    anew: bool = False


SPANS = {
    "dispatch": Span(frozenset({State.ACCEPTED, State.RETURNED}), State.DISPATCHED, anew=True),
    "acceptance": Span(frozenset({State.DISPATCHED}), State.ACKNOWLEDGED, anew=True),
    "arrival": Span(frozenset({State.ACCEPTED}), State.ON_SITE),
    "restoration": Span(frozenset({State.ON_SITE}), State.RESTORED),
    "reconnection": Span(frozenset({State.ACCEPTED}), State.RESTORED),
    "complaint.contact": Span(frozenset({State.ACCEPTED}), State.ACKNOWLEDGED),
    "complaint.answer": Span(frozenset({State.ACCEPTED}), State.REPORTED_BACK),
    "damage.on_site": Span(frozenset({State.ACCEPTED}), State.ON_SITE),
    "meter.fault": Span(frozenset({State.ACCEPTED}), State.RESTORED),
    "meter.reading": Span(frozenset({State.ACCEPTED}), State.RESTORED),
    "service.other": Span(frozenset({State.ACCEPTED}), State.RESTORED),
    "follow_up": Span(frozenset({State.RESTORED}), State.FOLLOWED_UP),
}
BY_ZONE = frozenset({"arrival", "restoration"})
ALWAYS = ("dispatch", "acceptance", "follow_up")
BESIDE = {"outage": "restoration", "hazard": "restoration", "voltage": "restoration", "complaint": "complaint.answer"}
"""What is promised beside the first promise of a kind (`PROMISE_OF_KIND`)."""


@dataclass(frozen=True)
class Term:
    """`amount` of `unit` over `span`; `rule` is the row's id, `confidence` says whether it may be quoted."""

    rule: str
    item: str
    amount: int
    unit: Unit
    span: Span
    confidence: str

    @property
    def length(self) -> timedelta:
        return LENGTHS[self.unit] * self.amount


def term(rule: Rule) -> Term:
    """The term that a rule sets. Raises KeyError or ValueError where the rule is no term."""
    item = rule.item if rule.item in SPANS else rule.item.partition(".")[0]
    return Term(rule.id, item, int(rule.number), Unit(rule.unit), SPANS[item], rule.confidence)


def terms(kind: Kind, *, zone: str | None, on: date, rulebook: Rulebook) -> list[Term]:
    """All terms of an order accepted on the local day `on`, our own targets too; an unknown zone gets the longest."""
    found = (rulebook.find(item, on=on) for item in _items(kind, zone=zone))
    return [term(rule) for rule in found if rule is not None]


def _items(kind: Kind, *, zone: str | None) -> Iterator[str]:
    promised = [item for item in (PROMISE_OF_KIND.get(kind), BESIDE.get(kind)) if item]
    for item in (*ALWAYS, *promised):
        yield f"{item}.{zone if zone in ZONES else ZONES[-1]}" if item in BY_ZONE else item

"""Which promise holds for a work order. An example is marked in the demo and never quoted in production."""

from dataclasses import dataclass
from datetime import date

from ticketing.rulebook.rules import Confidence, Rule, Rulebook

PROMISE_OF_KIND = {
    "outage": "arrival",
    "hazard": "arrival",
    "voltage": "arrival",
    "meter": "meter.fault",
    "reconnection": "reconnection",
    "complaint": "complaint.contact",
    "damage": "damage.on_site",
    "billing_dispute": "meter.reading",
}
ZONES = ("urban", "rural", "remote")
MINUTES = {"minutes": 1, "hours": 60, "days": 24 * 60}
EXAMPLE_LABEL = "示例"


@dataclass(frozen=True)
class Promise:
    """`minutes` is None where the promise counts working days. `rule` is the row's id in the rule book."""

    minutes: int | None
    text: str
    rule: str
    confidence: str


class Promises:
    """Answers from the rule book. `demo`: examples may be shown, labelled."""

    def __init__(self, rulebook: Rulebook, *, demo: bool) -> None:
        self.rulebook = rulebook
        self.demo = demo

    def of(self, kind: str, *, zone: str | None, on: date) -> Promise | None:
        """The promise for an order of `kind` at a place in `zone`; an unknown place gets the most cautious one."""
        item = PROMISE_OF_KIND.get(kind)
        if item == "arrival":
            item = f"arrival.{zone if zone in ZONES else ZONES[-1]}"
        rule = self.rulebook.find(item, on=on) if item else None
        return self.quote(rule) if rule else None

    def may_quote(self, *rules: Rule) -> bool:
        """Whether their numbers may be told to a customer: an example is, labelled, in the demo only."""
        return self.demo or all(rule.confidence is Confidence.VERIFIED for rule in rules)

    def quote(self, rule: Rule) -> Promise | None:
        """`rule` as it may be said to a customer, or None where it may not."""
        if not self.may_quote(rule):
            return None
        factor = MINUTES.get(rule.unit)
        text = rule.text or str(rule.value)
        if rule.confidence is Confidence.EXAMPLE:
            text = f"{text}（{EXAMPLE_LABEL}）"
        minutes = int(rule.number * factor) if factor else None
        return Promise(minutes=minutes, text=text, rule=rule.id, confidence=rule.confidence)

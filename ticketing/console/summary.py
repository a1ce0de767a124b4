"""The conversation so far in a few lines, from facts alone: nothing is guessed, nothing is generated. Pure."""

from itertools import groupby

from ticketing.console import words
from ticketing.console.wire import Facts


def lines(facts: Facts) -> list[str]:
    """What a person should know before the first word, the most important first."""
    found = [_asked(facts), _wishes(facts), _named(facts), _orders(facts), _trouble(facts), *_outcomes(facts)]
    return [line for line in found if line]


def _asked(facts: Facts) -> str:
    if facts.asked is None:
        return ""
    reason = words.REASONS.get(facts.asked["reason"], facts.asked["reason"])
    summary = told(str(facts.asked["summary"]).strip())
    return f"转人工：{reason}" + (f"。{summary}" if summary and summary != reason else "")


def told(summary: str) -> str:
    """A hand-over's facts as the assistant sends them (`wish=report_outage; address=…; said=…`), in words.

    What a person wrote, and the words that the front door hands over when the assistant is away, stay as they are.
    """
    if not summary.startswith("wish="):
        return summary
    facts, _, said = summary.partition("; said=")
    named = [_fact(*fact.partition("=")[::2]) for fact in facts.split("; ")]
    return "；".join([*(fact for fact in named if fact), f"“{said}”"])


def _fact(slot: str, value: str) -> str:
    if slot in {"wish", "interrupted_wish"}:
        return words.INTENTS.get(value, "")
    label = words.HANDED_OVER.get(slot)
    return f"{label} {words.SCOPES.get(value, value)}" if label else ""


def _wishes(facts: Facts) -> str:
    named = [words.INTENTS.get(str(each["intent"]), "") for each in facts.wishes]
    once = [name for name, _ in groupby(name for name in named if name)]
    return f"来意：{' → '.join(once)}" if once else ""


def _named(facts: Facts) -> str:
    named = [
        f"{words.ENTITIES[each['entity']]} {words.SCOPES.get(each['value'], each['value'])}"
        for each in facts.named
        if each["entity"] in words.ENTITIES
    ]
    return f"已说：{'；'.join(named)}" if named else ""


def _orders(facts: Facts) -> str:
    return f"已建工单：{'、'.join(facts.orders)}" if facts.orders else ""


def _trouble(facts: Facts) -> str:
    parts = []
    if facts.not_understood:
        parts.append(f"智能客服有{facts.not_understood}次没听懂")
    if facts.dropped:
        parts.append(f"{facts.dropped}次作废的应答未说出口")
    return "，".join(parts)


def _outcomes(facts: Facts) -> list[str]:
    return [
        f"{words.moment_of(each['at'])} {each['agent']}：{words.OUTCOMES.get(each['outcome'], each['outcome'])}"
        + (f"，{each['note']}" if each["note"] else "")
        for each in facts.outcomes
    ]

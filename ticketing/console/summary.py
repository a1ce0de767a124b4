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
    summary = str(facts.asked["summary"]).strip()
    return f"转人工：{reason}" + (f"。{summary}" if summary and summary != reason else "")


def _wishes(facts: Facts) -> str:
    named = [words.INTENTS.get(str(each["intent"]), "") for each in facts.wishes]
    once = [name for name, _ in groupby(name for name in named if name)]
    return f"来意：{' → '.join(once)}" if once else ""


def _named(facts: Facts) -> str:
    told = [
        f"{words.ENTITIES[each['entity']]} {each['value']}" for each in facts.named if each["entity"] in words.ENTITIES
    ]
    return f"已说：{'；'.join(told)}" if told else ""


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

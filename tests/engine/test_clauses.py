"""A sentence of several clauses is read clause by clause, so that a second wish is not lost."""

import asyncio
from typing import Any, Dict, List

import pytest

from bot.engine.clauses import MOST, clauses, may_correct, read, values


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("我家停电了，顺便帮我查一下上个月电费", ["我家停电了", "顺便帮我查一下上个月电费"]),
        ("我家停电了顺便查下电费", ["我家停电了", "顺便查下电费"]),
        ("我家停电了 还有我想查电费", ["我家停电了", "还有我想查电费"]),
        ("转人工，我要查电费", ["转人工", "我要查电费"]),
        ("我要报停电", []),
        ("帮我查一下电费", []),
        ("好的，是的", []),
        ("", []),
    ],
)
def test_clauses(text: str, parts: List[str]) -> None:
    assert clauses(text) == parts


def test_a_rambling_sentence_costs_a_few_readings_only() -> None:
    assert len(clauses("，".join(["我家里没有电了"] * 50))) == MOST


class Reader:
    """Stands for Rasa's agent: says what each clause means."""

    def __init__(self, meant: Dict[str, Dict[str, Any]]) -> None:
        self.meant = meant

    async def parse_message(self, text: str) -> Dict[str, Any]:
        return self.meant[text]


def test_only_what_the_gate_accepts_is_passed_on() -> None:
    agent = Reader(
        {
            "我家停电了": {"intent": {"name": "report_outage", "confidence": 0.9}, "gate": {"decision": "accept"}},
            "另外呱唧呱唧": {"intent": {"name": "nlu_fallback", "confidence": 0.2}, "gate": {"decision": "clarify"}},
        }
    )
    meant = asyncio.run(read("我家停电了，另外呱唧呱唧", agent))
    assert meant == [{"text": "我家停电了", "intent": "report_outage", "confidence": 0.9}]


def test_a_no_keeps_the_value_that_it_puts_right() -> None:
    said = "不是这个月份，是今年八月的"
    assert may_correct(said)
    assert not may_correct("好的")
    assert values(said, {"today": "2026-11-23"})[-1] == {"entity": "bill_month", "value": "2026-08"}

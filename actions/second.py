"""Two wishes in one sentence: the one to act on first, and the other, which is remembered and offered afterwards.

The engine reads the clauses of a sentence one by one and sends what each means along (metadata `clauses`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions import said, wishes
from actions.turn import SERVICE_SLOTS, Message, Turn

FIRST = ("report_hazard", "ask_human", "report_outage")
"""Danger, then a person, then an outage, then the order of speaking (the catalogue's rule for two wishes)."""
ENOUGH = 0.6
"""How sure the classifier must be of a clause; it has less to go by than a sentence."""
SAME = (
    frozenset({"report_outage", "ask_outage_info", "report_voltage", "report_meter_fault", "request_reconnection"}),
    frozenset({"report_outage", "claim_damage"}),
    frozenset({"ask_bill", "ask_balance"}),
    frozenset({"ask_bill", "dispute_bill"}),
    frozenset({"ask_balance", "request_reconnection"}),
    frozenset({"ask_bill", "ask_account_number"}),
    frozenset({"make_complaint", "dispute_bill"}),
    frozenset({"make_complaint", "urge_work_order"}),
    frozenset({"urge_work_order", "ask_work_order"}),
    frozenset({"report_outage", "urge_work_order"}),
)
"""Pairs that are one matter told twice, unless the second clause says that it is one more."""
REMEMBERED = (*SERVICE_SLOTS, "address")


@dataclass(frozen=True)
class Clause:
    text: str
    intent: str


def clauses(message: Message) -> list[Clause]:
    """The clauses that wish something by themselves, in the order of speaking."""
    return [
        Clause(each["text"], each["intent"])
        for each in message.metadata.get("clauses") or []
        if each.get("confidence", 0) >= ENOUGH and wishes.is_nameable(each["intent"])
    ]


def wanted(message: Message) -> tuple[str, Clause | None]:
    """The wish to act on now, and the other one."""
    main = message.intent
    listed = clauses(message)
    one_more = any(said.says("one_more", each.text) for each in listed if each.intent == main)
    others = [each for each in listed if _is_another(each, main, main_is_one_more=one_more)]
    if not others:
        return main, None
    urgent = min(others, key=lambda each: _rank(each.intent))
    if wishes.is_nameable(main) and _rank(urgent.intent) < _rank(main):
        own = next((each for each in listed if each.intent == main), Clause(message.text, main))
        return urgent.intent, own
    return main, others[0]


def begun(message: Message) -> str | None:
    """The first wish among the clauses of a sentence that was taken for a mere value (查上个月电费，户号0602…)."""
    return next((each.intent for each in clauses(message)), None)


def _is_another(clause: Clause, main: str, *, main_is_one_more: bool) -> bool:
    if clause.intent == main or (main in FIRST[:2] and clause.intent in FIRST[:2]):
        return False
    one_more = main_is_one_more or any(said.says(words, clause.text) for words in ("one_more", "wishing"))
    if clause.intent in FIRST[:2]:
        return one_more or clause.intent == "report_hazard"
    told_twice = any({clause.intent, main} <= pair for pair in SAME)
    return one_more and not told_twice


def _rank(intent: str) -> int:
    return FIRST.index(intent) if intent in FIRST else len(FIRST)


def set_aside(turn: Turn, wish: str, facts: Mapping[str, Any]) -> None:
    """Keep what is known for a wish until it is taken up."""
    kept = _kept(turn) | {wish: {slot: value for slot, value in facts.items() if value is not None}}
    turn.set(set_aside=_written(kept))


def take_up(turn: Turn, wish: str) -> dict[str, Any]:
    """What was kept for a wish; it is forgotten here."""
    kept = _kept(turn)
    facts: dict[str, Any] = kept.pop(wish, {})
    turn.set(set_aside=_written(kept))
    return facts


def interrupt(turn: Turn, wish: str) -> None:
    """The wish in progress is left for another one: it, and what was answered for it, is kept."""
    turn.set(interrupted_wish=wish)
    set_aside(turn, wish, known(turn))


def known(turn: Turn) -> dict[str, Any]:
    return {slot: turn.get(slot) for slot in REMEMBERED if turn.get(slot) is not None}


def forget_all(turn: Turn) -> None:
    """The customer has done with everything that was left open."""
    turn.forget("offer", "interrupted_wish", "second_wish", "set_aside")


def _written(kept: dict[str, Any]) -> str | None:
    return json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else None


def _kept(turn: Turn) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(turn.get("set_aside") or "{}")
    return kept

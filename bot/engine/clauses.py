"""Two wishes in one sentence: what each clause means by itself, for the actions to remember the second one.

The classifier names one intent for a sentence. A sentence of several clauses is therefore read clause by clause as
well (about 4 ms each, at most four); a sentence of one clause costs nothing.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Mapping

from bot.engine.nlu.entities import extract
from bot.engine.nlu.extractor import today_of

# Before these words, a wish that is one more usually begins, also where speech brings no comma.
ONE_MORE = "顺便|另外|还有|对了|同时|还想|还要|也想|也要|再帮|再查|再问|帮我|我要|我想|查一下"
# The voice's text has no punctuation; a breath is a space.
BREAK = re.compile(r"[，。！？；、,.!?;\s]+")
SHORTEST = 3  # characters; 是的 and 你好 are no wishes
MOST = 4  # clauses read of one sentence
MAY_CORRECT = re.compile("[不错改]")
LONGEST = 200  # characters of a sentence that is looked at


def clauses(text: str) -> List[str]:
    """The clauses of a sentence, in order; empty when there is only one."""
    found = []
    for part in BREAK.split(text[:LONGEST]):
        found += _at_one_more(part)
    found = [part for part in found if len(part) >= SHORTEST]
    return found[:MOST] if len(found) > 1 else []


def _at_one_more(part: str) -> List[str]:
    """我家停电了顺便帮我查下电费 → 我家停电了, 顺便帮我查下电费: two such words in a row are one."""
    starts = [found.start() for found in re.finditer(ONE_MORE, part) if found.start() > 0]
    cuts, last = [], 0
    for start in starts:
        if len(re.sub(ONE_MORE, "", part[last:start])) >= SHORTEST:
            cuts.append(part[last:start])
            last = start
    return [*cuts, part[last:]]


async def read(text: str, agent: Any) -> List[Dict[str, Any]]:
    """`[{text, intent, confidence}]` of the clauses that the gate accepts."""
    meant = []
    for clause in clauses(text):
        parsed = await agent.parse_message(clause)
        if (parsed.get("gate") or {}).get("decision", "accept") == "accept":
            intent = parsed.get("intent") or {}
            meant.append({"text": clause, "intent": intent.get("name"), "confidence": intent.get("confidence") or 0.0})
    return meant


def may_correct(text: str) -> bool:
    """Whether a sentence may put something right; the gate takes the values from a no, so they are sent beside it."""
    return bool(MAY_CORRECT.search(text[:LONGEST]))


def values(text: str, metadata: Mapping[str, Any]) -> List[Dict[str, str]]:
    """`[{entity, value}]` of a sentence, whatever it was taken for."""
    found = extract(text, today=today_of(metadata), expected=metadata.get("requested_slot"))
    return [{"entity": each["entity"], "value": each["value"]} for each in found.as_rasa("rules")]

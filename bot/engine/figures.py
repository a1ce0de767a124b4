"""What a labelled file says of the understanding: rows, answers, and the figures of the score command. Pure."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

OUT_OF_SCOPE = "out_of_scope"
# The intents that make the assistant do something (catalogue); small talk and `inform` do not.
# fmt: off
SERVICES = frozenset((
    "report_outage", "report_hazard", "report_meter_fault", "report_voltage", "ask_outage_info",
    "ask_bill", "ask_balance", "ask_usage", "ask_tariff", "dispute_bill",
    "ask_payment_methods", "report_payment_problem", "request_reconnection", "ask_account_number", "ask_office",
    "ask_work_order", "urge_work_order", "amend_work_order", "cancel_work_order", "make_complaint",
    "claim_damage", "report_violation", "give_feedback", "apply_service", "ask_invoice",
    "ask_saving_advice", "ask_human",
))
# fmt: on
Pair = Tuple[str, str]


@dataclass(frozen=True)
class Row:
    """What a sentence should be understood as."""

    text: str
    intent: str
    entities: Tuple[Pair, ...]


@dataclass(frozen=True)
class Understood:
    """What it was understood as. `decision` is the gate's: accept, clarify or refuse."""

    intent: str
    decision: str
    entities: Tuple[Pair, ...]
    ms: float

    @property
    def refused(self) -> bool:
        return self.decision == "refuse" or self.intent == OUT_OF_SCOPE


Scored = Sequence[Tuple[Row, Understood]]


def read_rows(path: Path) -> List[Row]:
    """The labelled sentences of a TSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            Row(line["text"], line["intent"].strip(), labelled(line.get("entities")))
            for line in lines
            if (line.get("text") or "").strip() and (line.get("intent") or "").strip() not in ("", "intent")
        ]


def labelled(said: Optional[str]) -> Tuple[Pair, ...]:
    """The entities column, in any of its forms, as (entity, value) pairs."""
    said = (said or "").strip()
    if said.startswith('"') and said.endswith('"') and '""' in said:  # written by a CSV writer that quotes
        said = said[1:-1].replace('""', '"')
    given = json.loads(said) if said else []
    if isinstance(given, dict):
        given = [{"entity": k, "value": v} for k, vs in given.items() for v in (vs if isinstance(vs, list) else [vs])]
    return tuple((item["entity"], str(item["value"])) for item in given)


def summary(rows: Sequence[Row], answers: Sequence[Understood]) -> Dict[str, Any]:
    """The figures of the score command. A clarification is wrong, though the row is kept."""
    pairs = list(zip(rows, answers))
    ours = [(row, got) for row, got in pairs if row.intent != OUT_OF_SCOPE]
    foreign = [(row, got) for row, got in pairs if row.intent == OUT_OF_SCOPE]
    times = sorted(got.ms for got in answers)
    return {
        "n": len(rows),
        "accuracy": share(got.intent == row.intent for row, got in pairs),
        "macro_f1": macro_f1(pairs),
        "in_domain_kept": share(not got.refused for _, got in ours),
        "oos_false_acceptance": share(got.intent in SERVICES for _, got in foreign),
        "asked_in_domain": share(got.decision == "clarify" for _, got in ours),
        "asked_oos": share(got.decision == "clarify" for _, got in foreign),
        "recall": recall(pairs),
        "entity_f1": entity_f1(pairs),
        "ms_p50": percentile(times, 0.50),
        "ms_p95": percentile(times, 0.95),
    }


def share(facts: Any) -> Optional[float]:
    """The part of the facts that hold; None where there are none."""
    known = list(facts)
    return round(sum(known) / len(known), 4) if known else None


def recall(pairs: Scored) -> Dict[str, Optional[float]]:
    """Of each intent's rows, the part that was understood."""
    return {
        intent: share(got.intent == intent for row, got in pairs if row.intent == intent)
        for intent in sorted({row.intent for row, _ in pairs})
    }


def macro_f1(pairs: Scored) -> Optional[float]:
    """The mean F1 over the intents that the file labels."""
    scores = []
    for intent in {row.intent for row, _ in pairs}:
        right = sum(row.intent == intent == got.intent for row, got in pairs)
        wanted = sum(row.intent == intent for row, _ in pairs)
        given = sum(got.intent == intent for _, got in pairs)
        scores.append(2 * right / (wanted + given))
    return round(sum(scores) / len(scores), 4) if scores else None


def entity_f1(pairs: Scored, entity: Optional[str] = None) -> Optional[float]:
    """Micro F1 of entities, type and value exact; of one entity when it is named."""
    right = wanted = given = 0
    for row, got in pairs:
        want = [pair for pair in row.entities if entity in (None, pair[0])]
        found = [pair for pair in got.entities if entity in (None, pair[0])]
        right += sum((Counter(want) & Counter(found)).values())
        wanted += len(want)
        given += len(found)
    return round(2 * right / (wanted + given), 4) if wanted + given else None


def percentile(ordered: Sequence[float], part: float) -> Optional[float]:
    return round(ordered[min(len(ordered) - 1, int(part * len(ordered)))], 2) if ordered else None

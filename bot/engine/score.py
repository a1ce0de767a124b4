"""`python -m bot.engine.score FILE.tsv --today YYYY-MM-DD`: how well the trained model understands a labelled file.

The file is TSV with a header: `text`, `intent`, `entities` (JSON: a list of {"entity", "value"}, or a dict of lists
or values); other columns are ignored. Each sentence goes through Rasa's full parse, and the decision after the gate
counts. One JSON line is printed last.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import logging
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from bot.engine.models import MODELS, ROOT, newest_model

OUT_OF_SCOPE = "out_of_scope"
# The intents that make the assistant do something (catalogue); small talk and `inform` do not.
SERVICES = frozenset(
    [
        "report_outage",
        "report_hazard",
        "report_meter_fault",
        "report_voltage",
        "ask_outage_info",
        "ask_bill",
        "ask_balance",
        "ask_usage",
        "ask_tariff",
        "dispute_bill",
        "ask_payment_methods",
        "report_payment_problem",
        "request_reconnection",
        "ask_account_number",
        "ask_office",
        "ask_work_order",
        "urge_work_order",
        "amend_work_order",
        "cancel_work_order",
        "make_complaint",
        "claim_damage",
        "report_violation",
        "give_feedback",
        "apply_service",
        "ask_invoice",
        "ask_saving_advice",
        "ask_human",
    ]
)
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
        "recall": {
            intent: share(got.intent == intent for row, got in pairs if row.intent == intent)
            for intent in sorted({row.intent for row in rows})
        },
        "entity_f1": entity_f1(pairs),
        "ms_p50": percentile(times, 0.50),
        "ms_p95": percentile(times, 0.95),
    }


def share(facts: Any) -> Optional[float]:
    """The part of the facts that hold; None where there are none."""
    known = list(facts)
    return round(sum(known) / len(known), 4) if known else None


def macro_f1(pairs: Sequence[Tuple[Row, Understood]]) -> Optional[float]:
    """The mean F1 over the intents that the file labels."""
    scores = []
    for intent in {row.intent for row, _ in pairs}:
        right = sum(row.intent == intent == got.intent for row, got in pairs)
        wanted = sum(row.intent == intent for row, _ in pairs)
        given = sum(got.intent == intent for _, got in pairs)
        scores.append(2 * right / (wanted + given))
    return round(sum(scores) / len(scores), 4) if scores else None


def entity_f1(pairs: Sequence[Tuple[Row, Understood]]) -> Optional[float]:
    """Micro F1 of entities, type and value exact."""
    right = wanted = given = 0
    for row, got in pairs:
        right += sum((Counter(row.entities) & Counter(got.entities)).values())
        wanted += len(row.entities)
        given += len(got.entities)
    return round(2 * right / (wanted + given), 4) if wanted + given else None


def percentile(ordered: Sequence[float], part: float) -> Optional[float]:
    return round(ordered[min(len(ordered) - 1, int(part * len(ordered)))], 2) if ordered else None


async def understand(agent: Any, text: str, today: str) -> Understood:
    """One sentence through Rasa's full parse, as the channel would pass it."""
    from rasa.core.channels.channel import UserMessage

    from bot.engine.channel import as_words

    began = time.perf_counter()
    parsed = await agent.processor.parse_message(UserMessage(as_words(text), metadata={"today": today}))
    ms = (time.perf_counter() - began) * 1000
    entities = tuple((found["entity"], str(found["value"])) for found in parsed["entities"])
    gate = parsed.get("gate") or {}
    return Understood(parsed["intent"]["name"] or OUT_OF_SCOPE, gate.get("decision", "accept"), entities, ms)


def load_agent(model: Path) -> Any:
    logging.disable(logging.INFO)
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    return Agent.load(str(model))


def trained_model(given: Optional[Path]) -> Path:
    """The model given or the newest; trains one first where there is none, saying so."""
    model = newest_model(given) if given is not None and given.is_dir() else given or newest_model(MODELS)
    if model is None or not model.exists():
        print("score: no trained model, training one first", flush=True)
        from bot.engine.train import train

        model = train()
    return model


async def score(agent: Any, rows: Sequence[Row], today: str) -> List[Understood]:
    await understand(agent, "你好", today)  # the first parse is slower and belongs to no row
    return [await understand(agent, row.text, today) for row in rows]


def print_mistakes(rows: Sequence[Row], answers: Sequence[Understood]) -> None:
    for row, got in zip(rows, answers):
        if got.intent != row.intent:
            print(f"{row.intent}\t{got.intent}\t{row.text}")
        if Counter(row.entities) != Counter(got.entities):
            print(f"ENT {row.text}\n   wanted {sorted(row.entities)}\n   got    {sorted(got.entities)}")


def main(arguments: Optional[List[str]] = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.engine.score")
    parser.add_argument("file", type=Path)
    parser.add_argument("--today", required=True, help="YYYY-MM-DD: the day that relative dates count from")
    parser.add_argument("--model", type=Path, default=None)
    parser.add_argument("--mistakes", action="store_true", help="print every wrong row first")
    chosen = parser.parse_args(arguments)
    rows = read_rows(chosen.file.resolve())
    if not rows:
        raise SystemExit(f"score: {chosen.file} has no labelled rows")
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    model = trained_model(chosen.model.resolve() if chosen.model else None)
    answers = asyncio.run(score(load_agent(model), rows, chosen.today))
    if chosen.mistakes:
        print_mistakes(rows, answers)
    print(json.dumps(summary(rows, answers), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()

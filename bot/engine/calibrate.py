"""`python -m bot.engine.calibrate FILE.tsv …`: chooses the gate's thresholds on labelled sentences kept from training.

Two limits are looked for on a grid. Accepting starts where at most `FOREIGN_ACCEPTED` of the foreign sentences are let
through to a service; asking starts where at most `FOREIGN_ASKED` more of them are bothered with a question. Writes
`bot/engine/nlu/gate.json`, which the gate reads when it is loaded: no new training is needed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from bot.engine.models import ROOT
from bot.engine.nlu.entities import extract
from bot.engine.nlu.familiarity import OUT_OF_SCOPE
from bot.engine.nlu.gate import HAZARD, THRESHOLDS, Thresholds, Verdict, decide
from bot.engine.nlu.hazard import is_hazard
from bot.engine.nlu.scoring import IntentModel, Reading, fit
from bot.engine.score import SERVICES, Row, read_rows

FOREIGN_ACCEPTED = 0.08  # share of out-of-scope sentences that may reach a service
FOREIGN_ASKED = 0.10  # share of them that may be asked what they meant
GRID = [i / 100 for i in range(2, 99, 2)]
Seen = Tuple[Row, Reading, bool]


def training_sentences(root: Path = ROOT) -> Tuple[List[str], List[str]]:
    """Delexicalised sentences and labels of data/nlu, as the Rasa graph would learn them."""
    from rasa.shared.nlu.training_data.loading import load_data

    examples = load_data(str(root / "data" / "nlu")).intent_examples
    today = date.today()
    return [extract(e.get("text"), today=today).delexicalised() for e in examples], [e.get("intent") for e in examples]


def seen_by(model: IntentModel, rows: Sequence[Row], today: date) -> List[Seen]:
    """Each row with how the model reads it and whether it says a danger."""
    read = []
    for row in rows:
        entities = extract(row.text, today=today)
        read.append((row, model.read(entities.delexicalised()), is_hazard(entities.normalised.text)))
    return read


def choose(seen: Sequence[Seen]) -> Thresholds:
    """The thresholds that keep most of ours within the shares of foreign sentences allowed above."""
    foreign = [s for s in seen if s[0].intent == OUT_OF_SCOPE]
    if not foreign:
        raise SystemExit("calibrate: the files hold no out_of_scope rows")
    hazard = best_hazard(seen)
    accepting = next(
        (g for g in GRID if let_through(foreign, Thresholds(ours=g, maybe=g, hazard=hazard)) <= FOREIGN_ACCEPTED),
        GRID[-1],
    )
    asking = next(
        (
            g
            for g in GRID
            if asked(foreign, Thresholds(ours=accepting, maybe=min(g, accepting), hazard=hazard)) <= FOREIGN_ASKED
        ),
        accepting,
    )
    asking = min(asking, accepting)
    return max(
        (
            Thresholds(ours=accepting, maybe=asking, intent=share, hazard=hazard)
            for share in (0.0, 0.05, 0.1, 0.15, 0.2)
        ),
        key=lambda limits: right(seen, limits),
    )


def best_hazard(seen: Sequence[Seen]) -> float:
    """The lowest share at which at most one in fifty sentences of other kinds is taken for a danger."""
    others = [s for s in seen if s[0].intent != HAZARD]
    for share in GRID:
        limits = Thresholds(ours=1.0, maybe=0.3, hazard=share)
        taken = sum(decide(reading, limits=limits, hazard_said=said).intent == HAZARD for _, reading, said in others)
        if taken <= len(others) / 50:
            return share
    return GRID[-1]


def let_through(seen: Sequence[Seen], limits: Thresholds) -> float:
    decisions = [decide(reading, limits=limits, hazard_said=said) for _, reading, said in seen]
    return sum(d.verdict is Verdict.ACCEPT and d.intent in SERVICES for d in decisions) / len(seen)


def asked(seen: Sequence[Seen], limits: Thresholds) -> float:
    decisions = [decide(reading, limits=limits, hazard_said=said) for _, reading, said in seen]
    return sum(d.verdict is Verdict.CLARIFY for d in decisions) / len(seen)


def right(seen: Sequence[Seen], limits: Thresholds) -> int:
    return sum(decide(reading, limits=limits, hazard_said=said).intent == row.intent for row, reading, said in seen)


def report(seen: Sequence[Seen], limits: Thresholds) -> Dict[str, Any]:
    foreign = [s for s in seen if s[0].intent == OUT_OF_SCOPE]
    ours = [s for s in seen if s[0].intent != OUT_OF_SCOPE]
    kept = sum(decide(r, limits=limits, hazard_said=said).verdict is not Verdict.REFUSE for _, r, said in ours)
    return {
        "n": len(seen),
        "accuracy": round(right(seen, limits) / len(seen), 4),
        "in_domain_kept": round(kept / max(1, len(ours)), 4),
        "asked_in_domain": round(asked(ours, limits), 4),
        "oos_false_acceptance": round(let_through(foreign, limits), 4),
        "asked_oos": round(asked(foreign, limits), 4),
        **asdict(limits),
    }


def main(arguments: Optional[List[str]] = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.engine.calibrate")
    parser.add_argument("files", type=Path, nargs="*", help="default: tests/engine/validation/*.tsv")
    parser.add_argument("--today", type=date.fromisoformat, default=date(2026, 11, 23))
    chosen = parser.parse_args(arguments)
    files = [f.resolve() for f in chosen.files] or sorted((ROOT / "tests" / "engine" / "validation").glob("*.tsv"))
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    rows = [row for file in files for row in read_rows(file)]
    print(f"calibrate: {len(rows)} sentences of {len(files)} files; learning from data/nlu", flush=True)
    seen = seen_by(fit(*training_sentences()), rows, chosen.today)
    limits = choose(seen)
    THRESHOLDS.write_text(json.dumps(asdict(limits), indent=2) + "\n")
    print(json.dumps(report(seen, limits), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()

"""`python -m bot.engine.calibrate FILE.tsv …`: chooses the gate's thresholds on labelled sentences kept from training.

Every pair of thresholds on a grid is tried. Of those within the limits below the one worth most to customers wins;
where none is within them, the one that misses them by least. Writes `bot/engine/nlu/gate.json`, which the gate reads
when it is loaded: no new training is needed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # set before numpy loads

from bot.engine.figures import SERVICES, Row, read_rows
from bot.engine.models import ROOT
from bot.engine.nlu.entities import extract
from bot.engine.nlu.familiarity import OUT_OF_SCOPE
from bot.engine.nlu.features import Sentence
from bot.engine.nlu.gate import HAZARD, THRESHOLDS, Decision, Thresholds, Verdict, decide
from bot.engine.nlu.hazard import is_hazard
from bot.engine.nlu.scoring import IntentModel, Reading, fit

# Stricter than what is promised (0.05, 0.95, 0.10, 0.15): strangers' sentences are stranger than these.
FOREIGN_ACCEPTED = 0.035  # at most: share of out-of-scope sentences that reach a service
OURS_KEPT = 0.965  # at least: share of our own sentences that are not refused
OURS_ASKED = 0.05  # at most: share of our own that are asked what they meant
FOREIGN_ASKED = 0.10
ASKED_WORTH = 0.5  # of a right answer: a question that offers the right wish costs a turn, a wrong step costs more
FALSE_HAZARDS = 0.01  # at most: share of other sentences that are taken for a danger
GRID = [i / 100 for i in range(4, 97, 2)]
HAZARD_GRID = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
SHARES = tuple(i / 20 for i in range(13))
Seen = Tuple[Row, Reading, bool]


@dataclass(frozen=True)
class Figures:
    """What a choice of thresholds comes to; all are shares."""

    accuracy: float
    in_domain_kept: float
    asked_in_domain: float
    oos_false_acceptance: float
    asked_oos: float
    worth: float  # per sentence: 1 for a right decision, less for a question that holds it

    @property
    def missed(self) -> float:
        """By how much the limits are missed, all in all."""
        over = (
            self.oos_false_acceptance - FOREIGN_ACCEPTED,
            OURS_KEPT - self.in_domain_kept,
            self.asked_in_domain - OURS_ASKED,
            self.asked_oos - FOREIGN_ASKED,
        )
        return sum(max(0.0, by) for by in over)


def training_sentences(root: Path = ROOT) -> Tuple[List[str], List[str]]:
    """Sentences and labels of data/nlu, as Rasa reads them."""
    from rasa.shared.nlu.training_data.loading import load_data

    examples = load_data(str(root / "data" / "nlu")).intent_examples
    return [e.get("text") for e in examples], [e.get("intent") for e in examples]


def seen_by(model: IntentModel, rows: Sequence[Row], today: date) -> List[Seen]:
    """Each row with how the model reads it and whether it says a danger."""
    read = []
    for row in rows:
        entities = extract(row.text, today=today)
        read.append((row, model.read(Sentence.of(entities)), is_hazard(entities.normalised.text)))
    return read


def choose(seen: Sequence[Seen]) -> Thresholds:
    """The thresholds worth most within the limits above."""
    if not any(row.intent == OUT_OF_SCOPE for row, _, _ in seen):
        raise SystemExit("calibrate: the files hold no out_of_scope rows")
    danger = best_hazard(seen)
    tried = [replace(danger, ours=o, maybe=m, intent=0.0) for o in GRID for m in GRID if m <= o]
    best = best_of(seen, tried)
    return best_of(seen, [replace(best, intent=share) for share in SHARES])


def best_of(seen: Sequence[Seen], tried: Sequence[Thresholds]) -> Thresholds:
    def rank(limits: Thresholds) -> Tuple[float, float]:
        reached = figures(seen, limits)
        return -reached.missed, reached.worth

    return max(tried, key=rank)


def best_hazard(seen: Sequence[Seen]) -> Thresholds:
    """Where most dangers are caught while few enough other sentences are taken for one."""
    dangers = [s for s in seen if s[0].intent == HAZARD]
    others = [s for s in seen if s[0].intent != HAZARD]
    tried = [Thresholds(hazard=share, hazard_ours=ours) for share in HAZARD_GRID for ours in HAZARD_GRID]
    careful = [limits for limits in tried if hazards(others, limits) <= FALSE_HAZARDS * len(others)]
    return max(careful or tried, key=lambda limits: (hazards(dangers, limits), -hazards(others, limits)))


def hazards(seen: Sequence[Seen], limits: Thresholds) -> int:
    decisions = (decide(reading, limits=limits, hazard_said=said) for _, reading, said in seen)
    return sum(decision.intent == HAZARD for decision in decisions)


def figures(seen: Sequence[Seen], limits: Thresholds) -> Figures:
    decided = [(row.intent, decide(reading, limits=limits, hazard_said=said)) for row, reading, said in seen]
    ours = [d for intent, d in decided if intent != OUT_OF_SCOPE]
    foreign = [d for intent, d in decided if intent == OUT_OF_SCOPE]
    return Figures(
        accuracy=part(d.intent == intent for intent, d in decided),
        in_domain_kept=part(d.verdict is not Verdict.REFUSE for d in ours),
        asked_in_domain=part(map(asked, ours)),
        oos_false_acceptance=part(d.verdict is Verdict.ACCEPT and d.intent in SERVICES for d in foreign),
        asked_oos=part(map(asked, foreign)),
        worth=part(1.0 if d.intent == intent else ASKED_WORTH * (intent in d.candidates) for intent, d in decided),
    )


def asked(decision: Decision) -> bool:
    return decision.verdict is Verdict.CLARIFY


def part(facts: Any) -> float:
    known = list(facts)
    return round(sum(known) / len(known), 4) if known else 0.0


def main(arguments: Optional[List[str]] = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.engine.calibrate", description=__doc__)
    parser.add_argument("files", type=Path, nargs="*", help="default: tests/engine/validation/*.tsv")
    parser.add_argument("--today", type=date.fromisoformat, default=date(2026, 11, 23))
    chosen = parser.parse_args(arguments)
    files = [f.resolve() for f in chosen.files] or sorted((ROOT / "tests" / "engine" / "validation").glob("*.tsv"))
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    rows = [row for file in files for row in read_rows(file)]
    print(f"calibrate: {len(rows)} sentences of {len(files)} files; learning from data/nlu, some minutes", flush=True)
    seen = seen_by(fit(*training_sentences(), today=chosen.today), rows, chosen.today)
    limits = choose(seen)
    THRESHOLDS.write_text(json.dumps(asdict(limits), indent=2) + "\n")
    report: Dict[str, Any] = {"n": len(seen), **asdict(figures(seen, limits)), **asdict(limits)}
    print(json.dumps(report, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()

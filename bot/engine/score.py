"""`python -m bot.engine.score FILE.tsv --today YYYY-MM-DD`: how well the trained model understands a labelled file.

The file is TSV with a header: `text`, `intent`, `entities` (JSON: a list of {"entity", "value"}, or a dict of lists
or values); other columns are ignored. Each sentence goes through Rasa's full parse, and the decision after the gate
counts. A report for people comes first, one JSON line last.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import random
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, List, Optional, Sequence

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the engine is served; set before numpy loads

from bot.engine.figures import OUT_OF_SCOPE, Row, Understood, read_rows, summary
from bot.engine.models import MODELS, ROOT, newest_model
from bot.engine.report import report

NOISE_SEED = 2026


async def understand(agent: Any, text: str, today: str) -> Understood:
    """One sentence through Rasa's full parse, as the channel would pass it."""
    from rasa.core.channels.channel import UserMessage

    from bot.engine.channel import as_words

    began = time.perf_counter()
    parsed = await agent.processor.parse_message(UserMessage(as_words(text), metadata={"today": today}))
    ms = (time.perf_counter() - began) * 1000
    entities = tuple((found["entity"], str(found["value"])) for found in parsed["entities"])
    intent = parsed["intent"]["name"] or OUT_OF_SCOPE
    if "gate" not in parsed:  # another pipeline, compared with ours: Rasa's fallback is how it refuses
        refused = intent in (OUT_OF_SCOPE, "nlu_fallback")
        return Understood(OUT_OF_SCOPE if refused else intent, "refuse" if refused else "accept", entities, ms)
    return Understood(intent, parsed["gate"]["decision"], entities, ms)


def load_agent(model: Path, *, stock: bool = False) -> Any:
    """The model in Rasa as it is served here, or in Rasa as its makers ship it."""
    logging.disable(logging.INFO)
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    from bot.engine import speed

    configure_structlog(logging.WARNING)
    if not stock:
        speed.install()
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


def as_misheard(rows: Sequence[Row], share: float) -> List[Row]:
    """The rows with a share of their characters replaced by near-homophones, always the same ones."""
    from bot.engine.nlu.sounds import misheard

    chance = random.Random(NOISE_SEED)
    return [replace(row, text=misheard(row.text, share=share, chance=chance)) for row in rows]


def main(arguments: Optional[List[str]] = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.engine.score", description=__doc__)
    parser.add_argument("file", type=Path, nargs="+")
    parser.add_argument("--today", required=True, help="YYYY-MM-DD: the day that relative dates count from")
    parser.add_argument("--model", type=Path, default=None)
    parser.add_argument("--misheard", type=float, default=0.0, metavar="SHARE", help="replace so many characters first")
    parser.add_argument("--stock", action="store_true", help="in Rasa as shipped, without bot/engine/speed")
    parser.add_argument("--json", action="store_true", help="the JSON line alone")
    chosen = parser.parse_args(arguments)
    rows = [row for file in chosen.file for row in read_rows(file.resolve())]
    if not rows:
        raise SystemExit(f"score: {', '.join(map(str, chosen.file))}: no labelled rows")
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    model = trained_model(chosen.model.resolve() if chosen.model else None)
    if chosen.misheard:
        rows = as_misheard(rows, chosen.misheard)
    answers = asyncio.run(score(load_agent(model, stock=chosen.stock), rows, chosen.today))
    figures = summary(rows, answers)
    if not chosen.json:
        print(report(rows, answers, figures), flush=True)
    print(json.dumps(figures, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()

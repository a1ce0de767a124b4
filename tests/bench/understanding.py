"""Lamplighter's understanding against Rasa's usual Chinese recipe (jieba + DIET), on sentences held out from both.

    uv run python tests/bench/understanding.py [--epochs N]

Both learn the same data/nlu in this run and read tests/engine/heldout through Rasa's full parse: as written, and with
10, 20 and 30 % of the characters replaced by near-homophones. Takes about 15 minutes on two cores, nearly all of it
DIET's training, which is why the recipe gets fewer epochs than Rasa's default of 300. Prints one JSON line last.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
HELD_OUT = sorted((ROOT / "tests" / "engine" / "heldout").glob("*.tsv"))
TODAY = "2026-11-23"
NOISE = (0.1, 0.2, 0.3)
FIGURES = (
    "accuracy",
    "macro_f1",
    "in_domain_kept",
    "oos_false_acceptance",
    "asked_in_domain",
    "asked_oos",
    "entity_f1",
)
EPOCHS = 8


def engine(*command: str) -> str:
    """Runs a command in Rasa's environment; returns what it printed. Its errors go to our own."""
    full = ["uv", "run", "--no-sync", "--project", "bot/engine", *command]
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    return subprocess.run(full, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def scored(files: list[Path], model: Path | None, share: float = 0.0) -> dict[str, Any]:
    """The JSON line of the score command."""
    command = ["python", "-m", "bot.engine.score", *map(str, files), "--today", TODAY, "--json"]
    command += ["--model", str(model), "--stock"] if model else []  # the recipe runs in Rasa as its makers ship it
    command += ["--misheard", str(share)] if share else []
    figures: dict[str, Any] = json.loads(engine(*command).splitlines()[-1])
    return figures


def train_recipe(folder: Path, epochs: int) -> Path:
    """Rasa's own pipeline, trained with Rasa's own command on our data."""
    recipe = yaml.safe_load((ROOT / "tests" / "bench" / "recipe.yml").read_text())
    for component in recipe["pipeline"]:
        if component["name"] == "DIETClassifier":
            component["epochs"] = epochs
    (folder / "config.yml").write_text(yaml.safe_dump(recipe, sort_keys=False))
    engine(
        *("rasa", "train", "nlu", "--nlu", "data/nlu", "--config", str(folder / "config.yml")),
        *("--out", str(folder), "--fixed-model-name", "recipe"),
    )
    return folder / "nlu-recipe.tar.gz" if (folder / "nlu-recipe.tar.gz").exists() else folder / "recipe.tar.gz"


def figures_of(name: str, model: Path | None) -> dict[str, Any]:
    """All figures of one contestant, its name before each key."""
    said = scored(HELD_OUT, model)
    found = {f"{name}_{key}": said[key] for key in (*FIGURES, "ms_p50", "ms_p95")}
    found |= {f"{name}_{key}_recall": said["recall"][key] for key in ("ask_human", "report_hazard")}
    hard = scored([file for file in HELD_OUT if file.stem == "hard_negatives"], model)
    found[f"{name}_hard_negatives_accepted"] = hard["oos_false_acceptance"]
    for share in NOISE:
        noisy = scored(HELD_OUT, model, share)["accuracy"]
        found[f"{name}_lost_at_{round(share * 100)}"] = round(said["accuracy"] - noisy, 4)
        say(f"{name}: {share:.0%} misheard, accuracy {noisy}")
    return found


def say(words: str) -> None:
    print(f"understanding: {words}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="of the recipe's DIET")
    epochs = parser.parse_args().epochs
    result: dict[str, Any] = {"bench": "understanding", "recipe_epochs": epochs}
    for name in ("ours", "recipe"):
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            say(f"{name}: training")
            if name == "ours":
                model = None
                engine("python", "-m", "bot.engine.train", "--force")
            else:
                model = train_recipe(Path(folder), epochs)
            result[f"{name}_training_s"] = round(time.monotonic() - began)
            say(f"{name}: trained in {result[f'{name}_training_s']} s")
            result |= figures_of(name, model)
    print(json.dumps(result, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()

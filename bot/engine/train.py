"""`python -m bot.engine.train`: trains the model when its inputs changed, and says what it is doing while it does."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import threading
import time
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, List, Optional

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a sentence is too short to share between threads

from bot.engine.models import DATA, MODELS, ROOT, fingerprint, input_files, model_path

PROGRESS_EVERY_S = 3
KEPT_MODELS = 3


def say(words: str) -> None:
    print(f"train: {words}", flush=True)


@contextmanager
def progress(what: str) -> Iterator[None]:
    """A line every few seconds, so that nobody takes the silence for a hang."""
    done, began = threading.Event(), time.monotonic()

    def report() -> None:
        while not done.wait(PROGRESS_EVERY_S):
            say(f"{what}, {time.monotonic() - began:.0f} s")

    watcher = threading.Thread(target=report, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def missing_inputs(root: Path = ROOT) -> List[str]:
    """What training cannot do without."""
    return [name for name in ("config.yml", "domain.yml", "data/nlu") if not (root / name).exists()]


def train(*, force: bool = False, models: Path = MODELS) -> Path:
    """The path of a model that fits the inputs. Raises SystemExit in words when it cannot be trained."""
    lacking = missing_inputs()
    if lacking:
        raise SystemExit(f"train: cannot train, missing: {', '.join(lacking)}")
    wanted = model_path(fingerprint(input_files()), models)
    if wanted.exists() and not force:
        os.utime(wanted)  # it is the newest again: serve takes the newest
        say(f"{wanted.name} is up to date")
        return wanted
    began = time.monotonic()
    os.environ.setdefault("LOG_LEVEL", "ERROR")  # Rasa's progress bars follow it; ours is the one shown
    # Rasa is a finished part, whose deprecation warnings tell nobody anything; it sets filters anew, so mute the hook.
    warnings.showwarning = lambda *_, **__: None
    with progress("loading Rasa"):
        from rasa.model_training import train as rasa_train
        from rasa.utils.log_utils import configure_structlog
    logging.disable(logging.INFO)
    configure_structlog(logging.WARNING)
    with progress("training"):
        result = rasa_train(
            domain=str(ROOT / "domain.yml"),
            config=str(ROOT / "config.yml"),
            training_files=[str(ROOT / folder) for folder in DATA if (ROOT / folder).exists()],
            output=str(models),
            fixed_model_name=wanted.name,
            force_training=True,  # Rasa's cache knows our component classes only, not the modules behind them
        )
    if result.code != 0 or not wanted.exists():
        raise SystemExit("train: no model came out; what is wrong stands above")
    forget_old(models)
    say(f"{wanted.name} trained in {time.monotonic() - began:.0f} s")
    return wanted


def forget_old(models: Path) -> None:
    """Keep the last few models only; each is a few megabytes."""
    for old in sorted(models.glob("lamplighter-*.tar.gz"), key=lambda file: -file.stat().st_mtime)[KEPT_MODELS:]:
        old.unlink()


def main(arguments: Optional[List[str]] = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.engine.train", description=__doc__)
    parser.add_argument("--force", action="store_true", help="train even when nothing changed")
    parser.add_argument("--models", type=Path, default=MODELS)
    chosen = parser.parse_args(arguments)
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    train(force=chosen.force, models=chosen.models)


if __name__ == "__main__":
    main()

"""Which model is served, and whether it is still the right one: a model belongs to the fingerprint of its inputs."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Iterable, List, Optional

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "models"
DATA = ("data/nlu", "data/rules", "data/stories")
INPUTS = (
    "config.yml",
    "domain.yml",
    *DATA,
    "data/lexicon",
    "bot/engine/nlu",
    "bot/engine/train.py",
    "bot/engine/uv.lock",
)
KINDS = {".yml", ".yaml", ".txt", ".py", ".json", ".toml"}


def input_files(root: Path = ROOT) -> List[Path]:
    """Every file that a model depends on, sorted."""
    found: List[Path] = []
    for name in INPUTS:
        path = root / name
        found += [path] if path.is_file() else [file for file in path.rglob("*") if file.suffix in KINDS]
    return sorted(file for file in found if ".venv" not in file.parts and "__pycache__" not in file.parts)


def fingerprint(files: Iterable[Path], root: Path = ROOT) -> str:
    """A short digest of names and contents: equal inputs, equal model."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def model_path(print_: str, models: Path = MODELS) -> Path:
    """Where the model of these inputs lies, or will lie."""
    return models / f"lamplighter-{print_}.tar.gz"


def newest_model(models: Path = MODELS) -> Optional[Path]:
    """The model trained last, or None."""
    found = sorted(models.glob("*.tar.gz"), key=lambda file: file.stat().st_mtime)
    return found[-1] if found else None

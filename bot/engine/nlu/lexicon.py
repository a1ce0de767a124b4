"""The word lists of `data/lexicon`, read once: regions and places of Guangxi, surnames, words of the trade, dialect."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import FrozenSet, Tuple

FOLDER = Path(__file__).resolve().parents[3] / "data" / "lexicon"


@lru_cache(maxsize=None)
def words(name: str, folder: Path = FOLDER) -> FrozenSet[str]:
    """The words of one list; lines that start with # are comments."""
    lines = (folder / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@lru_cache(maxsize=None)
def pairs(name: str, folder: Path = FOLDER) -> Tuple[Tuple[str, str], ...]:
    """The pairs of one list, in its order: what is said, what is meant."""
    lines = (folder / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    return tuple((said, meant) for said, meant in rows)

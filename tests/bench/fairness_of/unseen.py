"""Are the dialect words of the check really unknown? Nothing that the understanding was made from may contain one."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.bench.fairness_of.pairs import MARKED

ROOT = Path(__file__).resolve().parents[3]
SEEN = ("data/nlu", "data/lexicon")


def dialect_words(dialect: Mapping[str, Any]) -> list[str]:
    """The marked words of dialect.yml, each once. Raises ValueError for a saying that marks none."""
    found: list[str] = []
    for row in dialect["sayings"]:
        for said in row["said"]:
            marked = MARKED.findall(said)
            if not marked:
                raise ValueError(f"no dialect word is marked in “{said}”")
            found += marked
    found += [word for _, said in dialect["endings"] for word in MARKED.findall(said)]
    return list(dict.fromkeys(found))


def seen(words: Iterable[str], root: Path = ROOT) -> list[str]:
    """Those of `words` that occur in the training data or the word lists, with the file."""
    files = {file: file.read_text(encoding="utf-8") for folder in SEEN for file in sorted((root / folder).glob("*.*"))}
    return [f"{word} ({file.relative_to(root)})" for word in words for file, text in files.items() if word in text]

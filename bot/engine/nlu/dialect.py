"""Dialect in standard words: 冇电 is compared as 没电. Only the classifier looks at the result; spans stay as said."""

from __future__ import annotations

from functools import lru_cache
from typing import Tuple

from bot.engine.nlu.lexicon import pairs


@lru_cache(maxsize=1)
def _tables() -> Tuple[Tuple[Tuple[str, str], ...], dict]:
    listed = pairs("dialect")
    words = tuple(pair for pair in listed if len(pair[0]) > 1)
    return words, str.maketrans({said: meant for said, meant in listed if len(said) == 1})


def standard(text: str) -> str:
    """The text with dialect words replaced, longest first as listed, then single characters."""
    words, characters = _tables()
    for said, meant in words:
        if said in text:
            text = text.replace(said, meant)
    return text.translate(characters)

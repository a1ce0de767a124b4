"""The known sentence nearest to a new one, without walking past all of them.

Sentences are kept in groups of like meaning (k-means), and only the groups whose middle lies nearest are searched: an
eighth of the memory, since reading 8 MB for each sentence took longer than all the arithmetic of the classifier.
"""

from __future__ import annotations

import numpy as np
from sklearn.cluster import MiniBatchKMeans

GROUP = 512  # sentences in a group, on average
SEARCHED = 8  # groups; on the validation rows the nearest sentence is found 24 times in 25, else one .04 further
SEED = 7


class Neighbours:
    def __init__(self, rows: np.ndarray) -> None:
        """`rows` are unit vectors (sentences, dimensions), float32."""
        count = max(1, len(rows) // GROUP)
        if count == 1:
            self._rows, self._middles = np.ascontiguousarray(rows), np.zeros((1, rows.shape[1]), dtype=np.float32)
            self._ends = np.array([0, len(rows)])
            return
        machine = MiniBatchKMeans(count, batch_size=4096, n_init=1, random_state=SEED).fit(rows)
        order = np.argsort(machine.labels_, kind="stable")
        self._rows, self._middles = np.ascontiguousarray(rows[order]), unit_rows(machine.cluster_centers_)
        self._ends = np.searchsorted(machine.labels_[order], np.arange(count + 1))

    def nearest(self, rows: np.ndarray) -> np.ndarray:
        """The cosine of each row (unit vectors) to the most similar known sentence that the search finds; 0 when none is known."""
        return np.array([self._nearest(row) for row in rows]) if len(self._rows) else np.zeros(len(rows))

    def _nearest(self, row: np.ndarray) -> float:
        closeness = self._middles @ row
        groups = (
            np.argpartition(-closeness, SEARCHED)[:SEARCHED] if len(closeness) > SEARCHED else range(len(closeness))
        )
        found = [
            self._rows[self._ends[g] : self._ends[g + 1]] @ row for g in groups if self._ends[g] < self._ends[g + 1]
        ]
        return max(float(some.max()) for some in found)


def unit_rows(matrix: np.ndarray) -> np.ndarray:
    lengths = np.sqrt((matrix * matrix).sum(axis=1, keepdims=True))
    return (matrix / np.maximum(lengths, 1e-9)).astype(np.float32)

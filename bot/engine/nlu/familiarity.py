"""How much a sentence looks like our business: the evidence that the gate weighs.

Three kinds: how sure the intents are, how near the nearest known sentence is (ours and foreign), and whose words it uses.
"""

from __future__ import annotations

from typing import List, Sequence, Set

import numpy as np

from bot.engine.nlu.features import characters
from bot.engine.nlu.lexicon import words
from bot.engine.nlu.neighbours import Neighbours, unit_rows

OUT_OF_SCOPE, INFORM = "out_of_scope", "inform"
# Small talk that needs no evidence of the trade. With out_of_scope, the intents that carry no entities (catalogue).
CONVERSATION = frozenset(
    ["greet", "goodbye", "thank", "affirm", "deny", "repeat", "ask_help", "ask_identity", "wait", "stop"]
)
NEAR_DIMENSIONS = 64  # the first axes of the meaning: enough to find a neighbour


class Familiarity:
    """What the training sentences were made of, to hold a new sentence against."""

    def __init__(self, shapes: Sequence[str], meant: np.ndarray, labels: Sequence[str], intents: List[str]) -> None:
        """`shapes` are delexicalised sentences, `meant` their meanings on the main axes (sentences, dimensions)."""
        foreign = np.array([label == OUT_OF_SCOPE for label in labels])
        near = unit_rows(meant[:, :NEAR_DIMENSIONS])
        self._ours, self._foreign = Neighbours(near[~foreign]), Neighbours(near[foreign])
        self._our_pairs = {pair for shape, alien in zip(shapes, foreign) if not alien for pair in pairs(shape)}
        self._all_pairs = self._our_pairs | {
            pair for shape, alien in zip(shapes, foreign) if alien for pair in pairs(shape)
        }
        self._columns = [i for i, intent in enumerate(intents) if intent != OUT_OF_SCOPE]
        self._foreign_column = intents.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in intents else None
        self._small_talk = np.array([intents[i] in CONVERSATION for i in self._columns], dtype=float)
        self._inform = np.array([intents[i] == INFORM for i in self._columns], dtype=float)

    def evidence(self, shapes: Sequence[str], meant: np.ndarray, margins: np.ndarray) -> np.ndarray:
        """One row of evidence for each sentence; `margins` are the intents' scores (sentences, intents)."""
        near = unit_rows(meant[:, :NEAR_DIMENSIONS])
        near_ours, near_foreign = self._ours.nearest(near), self._foreign.nearest(near)
        ours = margins[:, self._columns]
        ordered = np.sort(ours, axis=1)
        best, second = ordered[:, -1], ordered[:, -2] if ordered.shape[1] > 1 else ordered[:, -1]
        alien = margins[:, self._foreign_column] if self._foreign_column is not None else np.full(len(shapes), -1.0)
        top = ours.argmax(axis=1)
        said = np.array([self._words(shape) for shape in shapes])
        sure = [best, second, alien, best - alien, near_ours, near_foreign, near_ours - near_foreign]
        return np.column_stack([*sure, self._small_talk[top], self._inform[top], said])

    def _words(self, shape: str) -> List[float]:
        said = pairs(shape)
        own, foreign = hits(shape, "own"), hits(shape, "foreign")
        return [
            unknown(said, self._our_pairs),
            unknown(said, self._all_pairs),
            min(own, 3),
            min(foreign, 3),
            float(foreign > 0 and own == 0),
            float(own == 0),
            float(np.log1p(max(0, len(characters(shape)) - 2))),
        ]


def pairs(text: str) -> Set[str]:
    """The neighbouring characters of a text; a single character stands for itself."""
    tokens = characters(text)[1:-1]
    return {"".join(tokens[i : i + 2]) for i in range(len(tokens) - 1)} or set(tokens)


def unknown(said: Set[str], known: Set[str]) -> float:
    return sum(pair not in known for pair in said) / len(said) if said else 1.0


def hits(text: str, lexicon: str) -> int:
    """How many words of a list stand in the text."""
    longest = max(map(len, words(lexicon)), default=0)
    parts = {text[start:end] for start in range(len(text)) for end in range(start + 1, start + 1 + longest)}
    return len(parts & words(lexicon))

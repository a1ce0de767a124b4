"""What the classifier sees of a sentence: its characters, its sounds (for what a recogniser misheard) and its meaning."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Dict, List, Sequence, Tuple

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.engine.nlu.dialect import standard
from bot.engine.nlu.entities import Entities
from bot.engine.nlu.meaning import meaning
from bot.engine.nlu.sounds import sound

TOKEN = re.compile(r"⟨\w+⟩|.")
PUNCTUATION = re.compile(r"[\s,，。.!！?？、;；:：~…\-—\"'“”‘’()（）]+")
EDGE = "^", "$"
SOUND_WEIGHT = 0.6  # sounds count less than characters: many words share them
MEANING_DIMENSIONS = 128  # of the encoder's 512: what most of the difference between our sentences lies in
SEED = 7


@dataclass(frozen=True)
class Sentence:
    """A sentence in standard words: as it was said, and with each entity replaced by its kind."""

    said: str
    shape: str

    @classmethod
    def of(cls, entities: Entities) -> "Sentence":
        return cls(standard(entities.normalised.text), standard(entities.delexicalised()))


@lru_cache(maxsize=256)
def characters(text: str) -> Tuple[str, ...]:
    """Characters with the edges marked; an entity placeholder counts as one."""
    plain = PUNCTUATION.sub("", text.lower())
    return (EDGE[0], *TOKEN.findall(plain), EDGE[1])


def grams(tokens: Sequence[str], sizes: range) -> List[str]:
    return ["".join(tokens[i : i + n]) for n in sizes for i in range(len(tokens) - n + 1)]


def character_grams(text: str) -> List[str]:
    return grams(characters(text), range(1, 5))


def sound_grams(text: str) -> List[str]:
    """Syllables in ones to threes: 停店了 sounds like 停电了."""
    return grams([f"{sound(part)}." for part in characters(text)], range(1, 4))


@dataclass(frozen=True)
class Row:
    """One sentence's features: the columns of its grams with their values, then its meaning."""

    columns: np.ndarray
    values: np.ndarray
    meaning: np.ndarray


class SentenceFeatures:
    """TF-IDF over characters and over sounds, and the meaning, side by side; fitted in training."""

    def __init__(self) -> None:
        self._parts = [
            TfidfVectorizer(analyzer=analyse, sublinear_tf=True, min_df=2, dtype=np.float32)
            for analyse in (character_grams, sound_grams)
        ]
        self._weights = (1.0, SOUND_WEIGHT)
        self._main_axes = PCA(MEANING_DIMENSIONS, random_state=SEED)

    def fit_transform(self, sentences: Sequence[Sentence], meant: np.ndarray) -> csr_matrix:
        """Features of training sentences, whose meanings (sentences, 512) are handed over: they are costly."""
        self._main_axes.n_components = min(MEANING_DIMENSIONS, *meant.shape)
        self._main_axes.fit(meant)
        shapes = [sentence.shape for sentence in sentences]
        return self._beside([part.fit_transform(shapes) for part in self._parts], meant)

    def transform(self, sentences: Sequence[Sentence], meant: np.ndarray) -> csr_matrix:
        shapes = [sentence.shape for sentence in sentences]
        return self._beside([part.transform(shapes) for part in self._parts], meant)

    def _beside(self, seen: List[csr_matrix], meant: np.ndarray) -> csr_matrix:
        weighted = [part * np.float32(weight) for part, weight in zip(seen, self._weights)]
        return hstack([*weighted, csr_matrix(self.project(meant))], format="csr", dtype=np.float32)

    def project(self, meant: np.ndarray) -> np.ndarray:
        """Meanings, one or many, on their main axes (at most 128)."""
        mean, axes = self._frame
        return (meant - mean) @ axes

    @cached_property
    def _frame(self) -> Tuple[np.ndarray, np.ndarray]:
        axes = self._main_axes.components_.T
        return self._main_axes.mean_.astype(np.float32), np.ascontiguousarray(axes, dtype=np.float32)

    @cached_property
    def _rarity(self) -> List[np.ndarray]:
        """Each part's idf; scikit-learn builds it anew at each look, which takes longer than all the rest of `read`."""
        return [part.idf_.astype(np.float32) for part in self._parts]

    def read(self, sentence: Sentence) -> Row:
        """The same features of one sentence, without the matrices that take longer to build than to use."""
        columns, values, first = [], [], 0
        for part, weight, rarity in zip(self._parts, self._weights, self._rarity):
            at, much = tf_idf(part.analyzer(sentence.shape), part.vocabulary_, rarity)
            columns.append(at + first)
            values.append(much * np.float32(weight))
            first += len(part.vocabulary_)
        return Row(np.concatenate(columns), np.concatenate(values), self.project(meaning(sentence.said)))


def tf_idf(said: List[str], vocabulary: Dict[str, int], idf: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Columns and values of one text, as scikit-learn's TfidfVectorizer(sublinear_tf=True) computes them."""
    counts = Counter(column for column in map(vocabulary.get, said) if column is not None)
    columns = np.fromiter(counts, dtype=np.int64, count=len(counts))
    times = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
    values = (1.0 + np.log(times)) * idf[columns]
    length = float(np.sqrt(values @ values))
    return columns, (values / length if length else values).astype(np.float32)

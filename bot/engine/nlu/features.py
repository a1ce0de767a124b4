"""What the classifier sees of a sentence: its characters, its sounds (for what a recogniser misheard), its entities."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import List, Sequence

import numpy as np
from pypinyin import lazy_pinyin
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

TOKEN = re.compile(r"⟨\w+⟩|.")
PUNCTUATION = re.compile(r"[\s,，。.!！?？、;；:：~…\-—\"'“”‘’()（）]+")
EDGE = "^", "$"
SOUND_WEIGHT = 0.6


def characters(text: str) -> List[str]:
    """Characters with the edges marked; an entity placeholder counts as one."""
    plain = PUNCTUATION.sub("", text.lower())
    return [EDGE[0], *TOKEN.findall(plain), EDGE[1]]


def grams(tokens: List[str], sizes: range) -> List[str]:
    return ["".join(tokens[i : i + n]) for n in sizes for i in range(len(tokens) - n + 1)]


def character_grams(text: str) -> List[str]:
    return grams(characters(text), range(1, 5))


def sound_grams(text: str) -> List[str]:
    """Toneless syllables in ones to threes: 停店了 sounds like 停电了."""
    sounds = [part if part.startswith("⟨") or part in EDGE else syllable(part) for part in characters(text)]
    return grams([f"{sound}." for sound in sounds], range(1, 4))


@lru_cache(maxsize=8192)
def syllable(character: str) -> str:
    spoken = lazy_pinyin(character)
    return spoken[0] if spoken else character


class SentenceFeatures:
    """TF-IDF over characters and sounds, side by side; fitted in training."""

    def __init__(self) -> None:
        self._characters = TfidfVectorizer(analyzer=character_grams, sublinear_tf=True, min_df=1, dtype=np.float32)
        self._sounds = TfidfVectorizer(analyzer=sound_grams, sublinear_tf=True, min_df=2, dtype=np.float32)

    def fit_transform(self, texts: Sequence[str]) -> csr_matrix:
        return beside(self._characters.fit_transform(texts), self._sounds.fit_transform(texts))

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        return beside(self._characters.transform(texts), self._sounds.transform(texts))


def beside(seen: csr_matrix, heard: csr_matrix) -> csr_matrix:
    """Sounds count less than characters: many words share them."""
    return hstack([seen, heard * np.float32(SOUND_WEIGHT)], format="csr", dtype=np.float32)

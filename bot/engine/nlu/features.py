"""What the classifier sees of a sentence: its characters, its sounds (for what a recogniser misheard), its entities."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, List

import numpy as np
from pypinyin import lazy_pinyin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion

TOKEN = re.compile(r"⟨\w+⟩|.")
PUNCTUATION = re.compile(r"[\s,，。.!！?？、;；:：~…\-—\"'“”‘’()（）]+")
EDGE = "^", "$"


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


def build_features() -> Any:
    """TF-IDF over characters and sounds, fitted in training."""
    return FeatureUnion(
        [
            ("characters", TfidfVectorizer(analyzer=character_grams, sublinear_tf=True, min_df=1, dtype=np.float32)),
            ("sounds", TfidfVectorizer(analyzer=sound_grams, sublinear_tf=True, min_df=2, dtype=np.float32)),
        ],
        transformer_weights={"characters": 1.0, "sounds": 0.6},
    )

"""The candidates for understanding, taught the same sentences and asked about the same strangers' sentences.

    uv run python tests/bench/candidates.py

Rasa's recipe (jieba + DIET) is the peer of tests/bench/understanding.py; here are the others: characters with a
linear model, sounds beside them, the meaning beside both, every sentence learned misheard too (ours), a spaCy text
categoriser trained here, and an ensemble of the last two. Each names the best intent without any gate, on
tests/engine/validation as written and with 20 % of the characters misheard. Takes about 15 minutes on two cores.
Prints one JSON line last.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if sys.version_info >= (3, 11):  # the candidates live in Rasa's environment
    os.chdir(ROOT)
    os.execvp("uv", ["uv", "run", "--no-sync", "--project", "bot/engine", "python", __file__, *sys.argv[1:]])
os.environ["OPENBLAS_NUM_THREADS"] = "1"
sys.path.insert(0, str(ROOT))

import json
import random
import time
from datetime import date

import numpy as np
import spacy
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC
from spacy.training import Example

from bot.engine.calibrate import training_sentences
from bot.engine.figures import OUT_OF_SCOPE, read_rows
from bot.engine.nlu.features import SentenceFeatures, character_grams
from bot.engine.nlu.scoring import Lessons, fit_once, lessons, sentences_of, softmax
from bot.engine.score import as_misheard

TODAY = date(2026, 11, 23)
SPACY_EPOCHS, BATCH = 4, 256


class Characters:
    """TF-IDF of characters in ones to fours, and nothing else."""

    def __init__(self, taught: Lessons) -> None:
        self._grams = TfidfVectorizer(analyzer=character_grams, sublinear_tf=True, min_df=2, dtype=np.float32)
        matrix = self._grams.fit_transform([s.shape for s in taught.written])
        self._machine = linear().fit(matrix, taught.labels)
        self.intents = list(self._machine.classes_)

    def scores(self, sentences, meant) -> np.ndarray:
        return self._machine.decision_function(self._grams.transform([s.shape for s in sentences]))


class Columns:
    """Our features, only those beside each other that are wanted: characters and sounds, with or without meaning."""

    def __init__(self, taught: Lessons, *, with_meaning: bool) -> None:
        self._features, self._with_meaning = SentenceFeatures(), with_meaning
        matrix = self._features.fit_transform(taught.written, taught.written_meant)
        self._width = matrix.shape[1] - (0 if with_meaning else 128)
        self._machine = linear().fit(matrix[:, : self._width], taught.labels)
        self.intents = list(self._machine.classes_)

    def scores(self, sentences, meant) -> np.ndarray:
        return self._machine.decision_function(self._features.transform(sentences, meant)[:, : self._width])


class Ours:
    def __init__(self, taught: Lessons) -> None:
        self._model = fit_once(taught)
        self.intents = self._model.intents

    def scores(self, sentences, meant) -> np.ndarray:
        return self._model.margins(self._model.features.transform(sentences, meant))


class SpacyCategoriser:
    """spaCy's own text categoriser (bag of n-grams and a convolution, averaged) on a blank Chinese pipeline."""

    def __init__(self, taught: Lessons) -> None:
        self._nlp = spacy.blank("zh")
        categoriser = self._nlp.add_pipe("textcat")
        self.intents = sorted(set(taught.labels))
        sentences, _, labels = taught.all
        examples = [
            Example.from_dict(
                self._nlp.make_doc(s.shape or " "), {"cats": {i: float(i == label) for i in self.intents}}
            )
            for s, label in zip(sentences, labels)
        ]
        chance = random.Random(7)
        optimiser = self._nlp.initialize(lambda: examples[:2000] + chance.sample(examples, min(5000, len(examples))))
        for _ in range(SPACY_EPOCHS):
            chance.shuffle(examples)
            for at in range(0, len(examples), BATCH):
                self._nlp.update(examples[at : at + BATCH], sgd=optimiser, drop=0.2)
        assert categoriser.labels

    def scores(self, sentences, meant) -> np.ndarray:
        docs = self._nlp.pipe([s.shape or " " for s in sentences])
        return np.array([[doc.cats[i] for i in self.intents] for doc in docs])


class Ensemble:
    """The mean of two candidates' probabilities."""

    def __init__(self, linear_one, other) -> None:
        self._linear, self._other, self.intents = linear_one, other, linear_one.intents

    def scores(self, sentences, meant) -> np.ndarray:
        order = [self._other.intents.index(intent) for intent in self.intents]
        return softmax(self._linear.scores(sentences, meant), 4.0) + self._other.scores(sentences, meant)[:, order]


def linear() -> LinearSVC:
    return LinearSVC(C=0.5, class_weight="balanced", tol=0.01, random_state=7)


def asked(rows):
    sentences, meant = sentences_of([row.text for row in rows], TODAY)
    return sentences, meant, np.array([row.intent for row in rows])


def main() -> None:
    rows = [row for file in sorted((ROOT / "tests/engine/validation").glob("*.tsv")) for row in read_rows(file)]
    written, misheard = asked(rows), asked(as_misheard(rows, 0.2))
    say("reading the training sentences")
    taught = lessons(*training_sentences(ROOT), today=TODAY)
    result = {"bench": "candidates", "taught": len(taught.labels), "asked": len(rows)}
    kept = {}
    for name, build in (
        ("characters", lambda: Characters(taught)),
        ("characters_sounds", lambda: Columns(taught, with_meaning=False)),
        ("characters_sounds_meaning", lambda: Columns(taught, with_meaning=True)),
        ("ours", lambda: Ours(taught)),
        ("spacy_textcat", lambda: SpacyCategoriser(taught)),
        ("ensemble", lambda: Ensemble(kept["ours"], kept["spacy_textcat"])),
    ):
        began = time.monotonic()
        candidate = kept[name] = build()
        result[f"{name}_training_s"] = round(time.monotonic() - began)
        for what, (sentences, meant, labels) in (("", written), ("_misheard", misheard)):
            began = time.monotonic()
            best = np.array(candidate.intents)[candidate.scores(sentences, meant).argmax(axis=1)]
            result[f"{name}{what}_ms"] = round((time.monotonic() - began) / len(labels) * 1000, 2)
            ours = labels != OUT_OF_SCOPE
            result[f"{name}{what}_accuracy"] = round(float((best == labels).mean()), 4)
            result[f"{name}{what}_ours"] = round(float((best == labels)[ours].mean()), 4)
        say(f"{name}: {result[f'{name}_accuracy']} as written, {result[f'{name}_misheard_accuracy']} misheard")
    print(json.dumps(result), flush=True)


def say(words: str) -> None:
    print(f"candidates: {words}", flush=True)


if __name__ == "__main__":
    main()

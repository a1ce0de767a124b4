"""The linear model: margins of one-against-rest classifiers as probabilities, and whether the sentence is ours at all.

It learns every sentence twice, as written and misheard. What turns margins into probabilities, and the weights of the
gate's evidence, are learned on sentences that the model behind them had not seen: a model is always too sure of what it trained on.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from typing import Any, List, Optional, Sequence, Tuple

import numpy as np
from joblib import Parallel, delayed
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedShuffleSplit
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from bot.engine.nlu.entities import extract
from bot.engine.nlu.familiarity import OUT_OF_SCOPE, Familiarity
from bot.engine.nlu.features import Row, Sentence, SentenceFeatures
from bot.engine.nlu.meaning import meanings, usual_tokens
from bot.engine.nlu.sounds import misheard

UNSEEN = 0.2  # of the sentences: kept from a first model, to learn what a stranger's sentence looks like to it
MISHEARD_SHARES = (0.1, 0.2, 0.3)  # of the characters, in the second copy of each sentence
SEED = 7
TOKENS_OF_EVERY = 4  # sentences: ten thousand hold the usual words
TOLERANCE = 0.01  # a tenth of the time of the default 1e-4, and the same answers on strangers' sentences
CORES = 2  # two processes: there are two texts to read (written, misheard) and two models to fit


@dataclass(frozen=True)
class Reading:
    """Intents with their probabilities, best first; `ours` is the probability that the sentence is our business."""

    ranking: Tuple[Tuple[str, float], ...]
    ours: float


@dataclass
class IntentModel:
    """A fitted model; `intents` are in the order of the score columns."""

    features: SentenceFeatures
    intents: List[str]
    weights: np.ndarray  # (features, intents), float32
    offsets: np.ndarray
    familiarity: Familiarity
    temperature: float = 4.0
    gate: Optional[np.ndarray] = None  # a weight for each piece of evidence, the offset last
    tokens: Sequence[int] = ()  # what our customers' words are made of, for the encoder to have at hand

    def read(self, sentence: Sentence) -> Reading:
        row = self.features.read(sentence)
        margins = self._margins_of(row)
        shares = softmax(margins, self.temperature)[0]
        ranking = tuple((self.intents[i], float(shares[i])) for i in np.argsort(-shares))
        return Reading(ranking, self._ours(sentence, row, margins, ranking))

    def margins(self, matrix: Any) -> np.ndarray:
        """Raw scores (sentences, intents) of features as a matrix."""
        return np.asarray(matrix @ self.weights) + self.offsets

    def _margins_of(self, row: Row) -> np.ndarray:
        meant = row.meaning @ self.weights[len(self.weights) - len(row.meaning) :]
        return (row.values @ self.weights[row.columns] + meant + self.offsets)[np.newaxis]

    def _ours(self, sentence: Sentence, row: Row, margins: np.ndarray, ranking: Tuple[Tuple[str, float], ...]) -> float:
        if self.gate is None:  # nothing foreign was there to learn from
            return 1.0 - dict(ranking).get(OUT_OF_SCOPE, 0.0)
        evidence = self.familiarity.evidence([sentence.shape], row.meaning[np.newaxis], margins)[0]
        return float(1.0 / (1.0 + np.exp(-(evidence @ self.gate[:-1] + self.gate[-1]))))


def softmax(margins: np.ndarray, temperature: float) -> np.ndarray:
    scaled = margins * temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@dataclass(frozen=True)
class Lessons:
    """Labelled sentences, each also misheard, with their meanings (sentences, 512)."""

    written: List[Sentence]
    heard: List[Sentence]
    written_meant: np.ndarray
    heard_meant: np.ndarray
    labels: np.ndarray

    def part(self, rows: np.ndarray) -> "Lessons":
        return Lessons(
            [self.written[i] for i in rows],
            [self.heard[i] for i in rows],
            self.written_meant[rows],
            self.heard_meant[rows],
            self.labels[rows],
        )

    @property
    def all(self) -> Tuple[List[Sentence], np.ndarray, np.ndarray]:
        meant = np.vstack([self.written_meant, self.heard_meant])
        return [*self.written, *self.heard], meant, np.concatenate([self.labels, self.labels])


def lessons(texts: Sequence[str], labels: Sequence[str], *, today: date) -> Lessons:
    """What is learned from: the sentences, and a misheard copy of each."""
    chance = random.Random(SEED)
    wrong = [misheard(text, share=chance.choice(MISHEARD_SHARES), chance=chance) for text in texts]
    read = Parallel(n_jobs=CORES)(delayed(sentences_of)(said, today) for said in (texts, wrong))
    (written, written_meant), (heard, heard_meant) = read
    return Lessons(written, heard, written_meant, heard_meant, np.array(labels))


def sentences_of(texts: Sequence[str], today: date) -> Tuple[List[Sentence], np.ndarray]:
    """Sentences with their meanings."""
    sentences = [Sentence.of(extract(text, today=today)) for text in texts]
    return sentences, meanings([sentence.said for sentence in sentences])


def fit(texts: Sequence[str], labels: Sequence[str], *, today: date) -> IntentModel:
    """Train on all sentences; temperature and gate are learned with a second model, on what it has not seen."""
    taught = lessons(texts, labels, today=today)
    known, unseen = split(taught.labels)
    model, first = Parallel(n_jobs=CORES)(delayed(fit_once)(part) for part in (taught, taught.part(known)))
    model.tokens = usual_tokens([sentence.said for sentence in taught.written[::TOKENS_OF_EVERY]])
    strangers = taught.part(unseen)
    margins, evidence = stranger_evidence(first, strangers, model.intents)
    right = [model.intents.index(label) for label in strangers.all[2]]
    model.temperature = best_temperature(margins, right)
    ours = strangers.all[2] != OUT_OF_SCOPE
    if ours.any() and not ours.all():
        model.gate = gate_weights(evidence, ours)
    return model


def split(labels: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Row numbers of the known and the unseen part, every intent in both."""
    parts = StratifiedShuffleSplit(1, test_size=max(UNSEEN, 2 * len(set(labels)) / len(labels)), random_state=SEED)
    return next(parts.split(labels, labels))


def gate_weights(evidence: np.ndarray, ours: np.ndarray) -> np.ndarray:
    """Logistic regression on evidence brought to one scale, with the scale folded into the weights."""
    scale = StandardScaler().fit(evidence)
    machine = LogisticRegression(max_iter=2000, random_state=SEED).fit(scale.transform(evidence), ours)
    weights = machine.coef_[0] / scale.scale_
    return np.append(weights, machine.intercept_[0] - weights @ scale.mean_)


def fit_once(taught: Lessons) -> IntentModel:
    sentences, meant, labels = taught.all
    features = SentenceFeatures()
    matrix = features.fit_transform(sentences, meant)
    machine = LinearSVC(C=0.5, class_weight="balanced", tol=TOLERANCE, random_state=SEED)
    machine.fit(matrix, labels)
    weights, offsets = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:  # one row serves both
        weights, offsets = np.vstack([-weights, weights]), np.hstack([-offsets, offsets])
    intents = [str(intent) for intent in machine.classes_]
    shapes, axes = [sentence.shape for sentence in taught.written], features.project(taught.written_meant)
    known = Familiarity(shapes, axes, taught.labels, intents)
    return IntentModel(features, intents, weights.T.astype("float32"), offsets.astype("float32"), known)


def stranger_evidence(model: IntentModel, strangers: Lessons, intents: List[str]) -> Tuple[np.ndarray, np.ndarray]:
    """Margins (in the order of `intents`) and evidence of sentences that the model did not train on."""
    sentences, meant, _ = strangers.all
    scored = model.margins(model.features.transform(sentences, meant))
    evidence = model.familiarity.evidence([s.shape for s in sentences], model.features.project(meant), scored)
    return scored[:, [model.intents.index(intent) for intent in intents]], evidence


def best_temperature(margins: np.ndarray, right: Sequence[int]) -> float:
    """The sharpness under which held-out sentences are least surprising."""

    def surprise(temperature: float) -> float:
        shares = softmax(margins, temperature)[np.arange(len(right)), right]
        return float(-np.log(np.maximum(shares, 1e-9)).mean())

    return float(minimize_scalar(surprise, bounds=(0.5, 20.0), method="bounded").x)

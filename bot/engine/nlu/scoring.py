"""The linear model: margins of one-against-rest classifiers as probabilities, and whether the sentence is ours at all.

What turns margins into probabilities, and the weights of the gate's evidence, are learned on sentences that the fold's
model had not seen: a model is always too sure of what it trained on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Optional, Sequence, Tuple

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from bot.engine.nlu.familiarity import OUT_OF_SCOPE, Familiarity
from bot.engine.nlu.features import SentenceFeatures

FOLDS = 4
SEED = 7


@dataclass(frozen=True)
class Reading:
    """Intents with their probabilities, best first; `ours` is the probability that the sentence is our business."""

    ranking: Tuple[Tuple[str, float], ...]
    ours: float


@dataclass
class IntentModel:
    """A fitted model; `intents` are in the order of the score columns."""

    features: Any
    intents: List[str]
    weights: np.ndarray  # (features, intents), float32
    offsets: np.ndarray
    familiarity: Familiarity
    temperature: float = 4.0
    gate: Optional[np.ndarray] = None  # a weight for each piece of evidence, the offset last

    def read(self, text: str) -> Reading:
        matrix = self.features.transform([text])
        margins = self.margins(matrix)
        shares = softmax(margins, self.temperature)[0]
        ranking = tuple((self.intents[i], float(shares[i])) for i in np.argsort(-shares))
        return Reading(ranking, self._ours(text, matrix, margins, ranking))

    def margins(self, matrix: Any) -> np.ndarray:
        """Raw scores (texts, intents)."""
        return np.asarray(matrix @ self.weights) + self.offsets

    def _ours(self, text: str, matrix: Any, margins: np.ndarray, ranking: Tuple[Tuple[str, float], ...]) -> float:
        if self.gate is None:  # nothing foreign was there to learn from
            return 1.0 - dict(ranking).get(OUT_OF_SCOPE, 0.0)
        evidence = self.familiarity.evidence([text], matrix, margins)[0]
        return float(1.0 / (1.0 + np.exp(-(evidence @ self.gate[:-1] + self.gate[-1]))))


def softmax(margins: np.ndarray, temperature: float) -> np.ndarray:
    scaled = margins * temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def fit(texts: Sequence[str], labels: Sequence[str]) -> IntentModel:
    """Train on all sentences; temperature and gate are learned on held-out folds."""
    model = fit_once(texts, labels)
    margins, evidence = held_out(texts, labels, model.intents)
    model.temperature = best_temperature(margins, [model.intents.index(label) for label in labels])
    ours = np.array([label != OUT_OF_SCOPE for label in labels])
    if ours.any() and not ours.all():
        model.gate = gate_weights(evidence, ours)
    return model


def gate_weights(evidence: np.ndarray, ours: np.ndarray) -> np.ndarray:
    """Logistic regression on evidence brought to one scale, with the scale folded into the weights."""
    scale = StandardScaler().fit(evidence)
    machine = LogisticRegression(max_iter=2000, random_state=SEED).fit(scale.transform(evidence), ours)
    weights = machine.coef_[0] / scale.scale_
    return np.append(weights, machine.intercept_[0] - weights @ scale.mean_)


def fit_once(texts: Sequence[str], labels: Sequence[str]) -> IntentModel:
    features = SentenceFeatures()
    matrix = features.fit_transform(texts)
    machine = LinearSVC(C=0.5, class_weight="balanced", random_state=SEED)
    machine.fit(matrix, labels)
    weights, offsets = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:  # one row serves both
        weights, offsets = np.vstack([-weights, weights]), np.hstack([-offsets, offsets])
    intents = [str(intent) for intent in machine.classes_]
    known = Familiarity(matrix.tocsr(), texts, labels, intents)
    return IntentModel(features, intents, weights.T.astype("float32"), offsets.astype("float32"), known)


def held_out(texts: Sequence[str], labels: Sequence[str], intents: List[str]) -> Tuple[np.ndarray, np.ndarray]:
    """Each sentence's margins and evidence by a model that did not train on it."""
    smallest = min(list(labels).count(intent) for intent in intents)
    folds = StratifiedKFold(max(2, min(FOLDS, smallest)), shuffle=True, random_state=SEED)
    margins = np.full((len(texts), len(intents)), -3.0, dtype="float32")
    evidence: List[Any] = [None] * len(texts)
    for known, unseen in folds.split(texts, labels):
        model = fit_once([texts[i] for i in known], [labels[i] for i in known])
        said = [texts[i] for i in unseen]
        matrix = model.features.transform(said)
        scored = model.margins(matrix)
        margins[np.ix_(unseen, [intents.index(intent) for intent in model.intents])] = scored
        for i, row in zip(unseen, model.familiarity.evidence(said, matrix, scored)):
            evidence[i] = row
    return margins, np.array(evidence)


def best_temperature(margins: np.ndarray, right: Sequence[int]) -> float:
    """The sharpness under which held-out sentences are least surprising."""

    def surprise(temperature: float) -> float:
        shares = softmax(margins, temperature)[np.arange(len(right)), right]
        return float(-np.log(np.maximum(shares, 1e-9)).mean())

    return float(minimize_scalar(surprise, bounds=(0.5, 20.0), method="bounded").x)

"""The linear model: margins of one-against-rest classifiers, turned into honest probabilities by a temperature.

Temperature and the evidence for the gate come from sentences that each fold's model had not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Sequence, Tuple

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.engine.nlu.features import build_features

FOLDS = 4
SEED = 7


@dataclass
class IntentModel:
    """A fitted model. `intents` are in the order of the score columns."""

    features: Any
    intents: List[str]
    weights: np.ndarray  # (features, intents), float32
    offsets: np.ndarray
    temperature: float

    def margins(self, texts: Sequence[str]) -> np.ndarray:
        """Raw scores (texts, intents)."""
        return np.asarray(self.features.transform(texts) @ self.weights) + self.offsets

    def ranking(self, text: str) -> List[Tuple[str, float]]:
        """Intents with their probabilities, best first."""
        shares = softmax(self.margins([text]), self.temperature)[0]
        return [(self.intents[i], float(shares[i])) for i in np.argsort(-shares)]


def softmax(margins: np.ndarray, temperature: float) -> np.ndarray:
    scaled = margins * temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def fit(texts: Sequence[str], labels: Sequence[str]) -> IntentModel:
    """Train on all sentences; the temperature is chosen on held-out folds."""
    margins, intents = held_out_margins(texts, labels)
    model = fit_once(texts, labels)
    model.temperature = best_temperature(margins, [intents.index(label) for label in labels])
    return model


def fit_once(texts: Sequence[str], labels: Sequence[str]) -> IntentModel:
    features = build_features()
    matrix = features.fit_transform(texts)
    machine = LinearSVC(C=0.5, class_weight="balanced", random_state=SEED)
    machine.fit(matrix, labels)
    weights, offsets = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:  # one row serves both
        weights, offsets = np.vstack([-weights, weights]), np.hstack([-offsets, offsets])
    return IntentModel(features, list(machine.classes_), weights.T.astype("float32"), offsets.astype("float32"), 4.0)


def held_out_margins(texts: Sequence[str], labels: Sequence[str]) -> Tuple[np.ndarray, List[str]]:
    """Each sentence's margins by a model that did not train on it."""
    intents = sorted(set(labels))
    smallest = min(list(labels).count(intent) for intent in intents)
    folds = StratifiedKFold(max(2, min(FOLDS, smallest)), shuffle=True, random_state=SEED)
    margins = np.full((len(texts), len(intents)), -3.0, dtype="float32")
    for known, unseen in folds.split(texts, labels):
        model = fit_once([texts[i] for i in known], [labels[i] for i in known])
        columns = [intents.index(intent) for intent in model.intents]
        margins[np.ix_(unseen, columns)] = model.margins([texts[i] for i in unseen])
    return margins, intents


def best_temperature(margins: np.ndarray, right: Sequence[int]) -> float:
    """The sharpness under which held-out sentences are least surprising."""

    def surprise(temperature: float) -> float:
        shares = softmax(margins, temperature)[np.arange(len(right)), right]
        return float(-np.log(np.maximum(shares, 1e-9)).mean())

    return float(minimize_scalar(surprise, bounds=(0.5, 20.0), method="bounded").x)

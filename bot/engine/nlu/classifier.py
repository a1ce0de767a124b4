"""The Rasa component around the linear intent model: trains within Rasa's graph, ranks every intent when asked."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional, Text

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.nlu.entities import extract
from bot.engine.nlu.extractor import SENTENCE, today_of
from bot.engine.nlu.features import Sentence
from bot.engine.nlu.meaning import keep
from bot.engine.nlu.scoring import IntentModel, Reading, fit

FILE = "intents.joblib"  # written and read by ourselves only, inside Rasa's own model archive
RANKED = 10
WORDS = re.compile(r"[^\W_]")
READING = "reading"  # the whole of it, for the gate behind us


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """Characters, sounds and meaning, a linear model with calibrated probabilities."""

    def __init__(self, model_storage: ModelStorage, resource: Resource, model: Optional[IntentModel] = None) -> None:
        self._model_storage, self._resource, self._model = model_storage, resource, model

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "LinearIntentClassifier":
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "LinearIntentClassifier":
        with model_storage.read_from(resource) as folder:
            model = joblib.load(folder / FILE)
        keep(model.tokens)
        return cls(model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        texts, labels = [e.get(TEXT) for e in examples], [e.get(INTENT) for e in examples]
        self._model = fit(texts, labels, today=today_of(None))
        with self._model_storage.write_to(self._resource) as folder:
            joblib.dump(self._model, folder / FILE, compress=1)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            reading = self._read(message)
            ranking = [{"name": name, "confidence": share} for name, share in reading.ranking]
            message.set(INTENT, ranking[0] if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[:RANKED], add_to_output=True)
            message.set(READING, reading)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def _read(self, message: Message) -> Reading:
        if self._model is None or not WORDS.search(message.get(TEXT) or ""):
            return Reading((), 0.0)  # signs and emoji alone say nothing that could be done
        return self._model.read(seen(message))


def seen(message: Message) -> Sentence:
    """What the model sees of a message; the extractor, which stands before us, has left it there."""
    return message.get(SENTENCE) or Sentence.of(extract(message.get(TEXT) or "", today=today_of(None)))

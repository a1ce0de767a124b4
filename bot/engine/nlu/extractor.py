"""The Rasa component around `entities.extract`: reads the day and the slot asked for from the message's metadata."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.engine.nlu.entities import extract
from bot.engine.nlu.features import Sentence

SHANGHAI = timezone(timedelta(hours=8))  # no daylight saving since 1991
SENTENCE = "sentence"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class RuleEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Entities by rules on spaCy's matcher; leaves the sentence as the classifier sees it."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "RuleEntityExtractor":
        return cls()

    @staticmethod
    def required_packages() -> List[Text]:
        return ["spacy"]

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            self.read(message)
        return messages

    def read(self, message: Message) -> None:
        metadata = message.get("metadata") or {}
        entities = extract(message.get(TEXT) or "", today=today_of(metadata), expected=metadata.get("requested_slot"))
        message.set(ENTITIES, entities.as_rasa("rules"), add_to_output=True)
        message.set(SENTENCE, Sentence.of(entities))


def today_of(metadata: Any) -> date:
    """The day that relative dates count from: the message's own, else Asia/Shanghai's today."""
    given = (metadata or {}).get("today")
    try:
        return date.fromisoformat(given) if given else datetime.now(SHANGHAI).date()
    except (TypeError, ValueError):
        return datetime.now(SHANGHAI).date()

"""The gate after the classifier: accept, ask which of two was meant, or refuse as not our business.

Hazards do not wait at the gate. The thresholds are chosen by `python -m bot.engine.calibrate`, never by hand.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Dict, FrozenSet, List, Text, Tuple

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.engine.nlu.classifier import RANKED, READING
from bot.engine.nlu.familiarity import CONVERSATION, OUT_OF_SCOPE
from bot.engine.nlu.hazard import is_hazard
from bot.engine.nlu.scoring import Reading
from bot.engine.nlu.text import normalise

THRESHOLDS = Path(__file__).with_name("gate.json")
HAZARD, FALLBACK = "report_hazard", "nlu_fallback"
ANSWERED = {"ask_account_number": "account_number"}
"""Who says the number in the same sentence does not ask for it, however near the words are (查电费，户号…，户主…)."""


class Verdict(str, Enum):
    ACCEPT = "accept"
    CLARIFY = "clarify"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Thresholds:
    """Probabilities between 0 and 1."""

    ours: float = 0.6  # at least this sure that it is our business: accept the best intent
    maybe: float = 0.4  # at least this sure: ask which was meant; below, refuse
    intent: float = 0.1  # the best intent's own share, without which we ask
    hazard: float = 0.1  # report_hazard, wherever it ranks
    hazard_ours: float = 0.2  # how sure for a hazard that it is our business: far less than for anything else


@dataclass(frozen=True)
class Decision:
    verdict: Verdict
    intent: str
    confidence: float
    candidates: Tuple[str, ...]


def decide(
    reading: Reading, *, limits: Thresholds, hazard_said: bool, entities: FrozenSet[str] = frozenset()
) -> Decision:
    """What to do with a reading of a sentence that has these kinds of `entities`."""
    shares = dict(reading.ranking)
    danger = shares.get(HAZARD, 0.0)
    if hazard_said or (danger >= limits.hazard and reading.ours >= limits.hazard_ours):
        return Decision(Verdict.ACCEPT, HAZARD, danger, (HAZARD,))
    ours = [
        (name, share) for name, share in reading.ranking if name != OUT_OF_SCOPE and ANSWERED.get(name) not in entities
    ]
    if not ours or reading.ours < limits.maybe:
        return Decision(Verdict.REFUSE, OUT_OF_SCOPE, 1.0 - reading.ours, (OUT_OF_SCOPE,))
    best, share = ours[0]
    if (reading.ours >= limits.ours and share >= limits.intent) or len(ours) < 2:
        return Decision(Verdict.ACCEPT, best, share, (best,))
    return Decision(Verdict.CLARIFY, FALLBACK, share, (best, ours[1][0]))


def read_thresholds(path: Path = THRESHOLDS) -> Thresholds:
    return Thresholds(**json.loads(path.read_text())) if path.exists() else Thresholds()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Gate(GraphComponent):
    """Puts the verdict on the message as `gate`, and the intent that follows from it in front."""

    def __init__(self, limits: Thresholds) -> None:
        self._limits = limits

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Gate":
        return cls(read_thresholds())

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            reading = message.get(READING) or Reading((), 0.0)
            said = is_hazard(normalise(message.get(TEXT) or "").text)
            kinds = frozenset(entity["entity"] for entity in message.get(ENTITIES) or [])
            apply(message, decide(reading, limits=self._limits, hazard_said=said, entities=kinds), reading)
        return messages


def apply(message: Message, decision: Decision, reading: Reading) -> None:
    """Write a decision on the message; after `nlu_fallback` the two candidates come first in the ranking."""
    intent = {"name": decision.intent, "confidence": decision.confidence}
    hidden = {decision.intent} | ({OUT_OF_SCOPE} if decision.verdict is Verdict.CLARIFY else set())
    others = [{"name": name, "confidence": share} for name, share in reading.ranking if name not in hidden]
    message.set(INTENT, intent, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [intent, *others][:RANKED], add_to_output=True)
    if decision.intent == OUT_OF_SCOPE or decision.intent in CONVERSATION:
        message.set(ENTITIES, [], add_to_output=True)
    gate = {
        "decision": decision.verdict.value,
        "confidence": decision.confidence,
        "ours": reading.ours,
        "candidates": list(decision.candidates),
    }
    message.set("gate", gate, add_to_output=True)

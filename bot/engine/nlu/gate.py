"""The gate after the classifier: accept, ask which of two was meant, or refuse as not our business.

Hazards do not wait at the gate. The thresholds are chosen by `python -m bot.engine.calibrate`, never by hand.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Dict, List, Sequence, Text, Tuple

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.engine.nlu.hazard import is_hazard
from bot.engine.nlu.text import normalise

THRESHOLDS = Path(__file__).with_name("gate.json")
HAZARD, OUT_OF_SCOPE, FALLBACK = "report_hazard", "out_of_scope", "nlu_fallback"
# Small words that need no evidence of the trade. `out_of_scope` and they carry no entities (catalogue).
CONVERSATION = frozenset(
    ["greet", "goodbye", "thank", "affirm", "deny", "repeat", "ask_help", "ask_identity", "wait", "stop"]
)  # fmt: skip
Ranking = Sequence[Tuple[str, float]]


class Verdict(str, Enum):
    ACCEPT = "accept"
    CLARIFY = "clarify"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Thresholds:
    """Shares of probability between 0 and 1."""

    accept: float = 0.35  # the best intent alone
    known: float = 0.5  # all intents but out_of_scope together
    clarify: float = 0.2  # the best intent, when it is too weak to accept
    hazard: float = 0.2  # report_hazard, wherever it ranks


@dataclass(frozen=True)
class Decision:
    verdict: Verdict
    intent: str
    confidence: float
    candidates: Tuple[str, ...]


def decide(ranking: Ranking, *, limits: Thresholds, hazard_said: bool) -> Decision:
    """What to do with a ranking of intents, best first."""
    shares = dict(ranking)
    if hazard_said or shares.get(HAZARD, 0.0) >= limits.hazard:
        return Decision(Verdict.ACCEPT, HAZARD, shares.get(HAZARD, 0.0), (HAZARD,))
    ours = [(name, share) for name, share in ranking if name != OUT_OF_SCOPE]
    best, share = ours[0]
    known = 1.0 - shares.get(OUT_OF_SCOPE, 0.0)
    if ranking[0][0] != OUT_OF_SCOPE and known >= limits.known and share >= limits.accept:
        return Decision(Verdict.ACCEPT, best, share, (best,))
    if known < limits.known or share < limits.clarify or len(ours) < 2:
        return Decision(Verdict.REFUSE, OUT_OF_SCOPE, 1.0 - known, (OUT_OF_SCOPE,))
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
            self.judge(message)
        return messages

    def judge(self, message: Message) -> None:
        ranking = [(r["name"], r["confidence"]) for r in message.get(INTENT_RANKING_KEY) or [] if r["name"]]
        text = normalise(message.get(TEXT) or "").text
        if not ranking:
            ranking = [(OUT_OF_SCOPE, 1.0)]
        decision = (
            decide(ranking, limits=self._limits, hazard_said=is_hazard(text))
            if len(ranking) > 1
            else Decision(Verdict.REFUSE, OUT_OF_SCOPE, 1.0, (OUT_OF_SCOPE,))
        )
        self.apply(message, decision, ranking)

    def apply(self, message: Message, decision: Decision, ranking: Ranking) -> None:
        intent = {"name": decision.intent, "confidence": decision.confidence}
        others = [{"name": name, "confidence": share} for name, share in ranking if name != decision.intent]
        if decision.verdict is Verdict.CLARIFY:  # the candidates follow the fallback, as Rasa's own classifier has it
            others = [o for o in others if o["name"] != OUT_OF_SCOPE]
        message.set(INTENT, intent, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [intent, *others], add_to_output=True)
        if decision.intent == OUT_OF_SCOPE or decision.intent in CONVERSATION:
            message.set(ENTITIES, [], add_to_output=True)
        verdict = {
            "decision": decision.verdict.value,
            "confidence": decision.confidence,
            "candidates": list(decision.candidates),
        }
        message.set("gate", verdict, add_to_output=True)

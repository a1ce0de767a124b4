"""How far back the policies of a model look: a rule as far as it is long, a memory as far as its `max_history`.

What lies further back cannot change a prediction, so it need not be worked out anew at each one. It stays in the
store, and its slots stay set.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, List, Optional, Text

from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy


@dataclass(frozen=True)
class Lookback:
    """`states`: how many past states matter. `rule_only`: slots and loops that only rules know, hidden from stories."""

    states: int
    rule_only: Dict[Text, Any] = field(default_factory=dict)


def lookback_of(processor: Any) -> Optional[Lookback]:
    """The lookback of a loaded model; None when one of its policies looks back without an end."""
    nodes = processor.graph_runner._instantiated_nodes.values()
    return combine([node._component for node in nodes if isinstance(node._component, Policy)])


def combine(policies: Iterable[Policy]) -> Optional[Lookback]:
    states, rule_only = 1, {}
    for policy in policies:
        if isinstance(policy, RulePolicy):
            states = max(states, longest_rule(policy) + 1)  # the state before it says "no rule is this long"
            rule_only = policy._get_rule_only_data()
        elif policy.featurizer is None or not getattr(policy.featurizer, "max_history", None):
            return None
        else:
            states = max(states, policy.featurizer.max_history)
    return Lookback(states, rule_only)


def longest_rule(policy: RulePolicy) -> int:
    """The number of states of the longest rule."""
    keys: List[Text] = [key for lookup in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH) for key in policy.lookup.get(lookup, ())]
    return max((len(policy._rule_key_to_state(key)) for key in keys), default=0)

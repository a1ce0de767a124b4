"""Rasa tries every rule against the conversation at each prediction; here only those that can fit.

A rule's last state names the action before it, and so does the conversation's: rules that name another need no look.
What a rule asks of a state is `RulePolicy._is_rule_applicable` and `_does_rule_match_state`, worked out once for each
rule instead of read off its JSON at each turn.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Set, Text, Tuple

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET
from rasa.shared.core.domain import State
from rasa.shared.nlu.constants import ACTION_NAME

from bot.engine.speed.patch import known, replace

EXPECTED = "2915fd81711e194c"
Wanted = Optional[Tuple[Tuple[Text, Text, Any], ...]]
"""What a state must have: (part, name, value). None: it is the beginning of a conversation."""

known(RulePolicy._is_rule_applicable, "64a108b016b46e57")
known(RulePolicy._does_rule_match_state, "d3109c1a97de319c")


class Rule(NamedTuple):
    """A rule's states from the last one back, and its key in the policy's lookup."""

    key: Text
    states: Tuple[Wanted, ...]


class Rules:
    """The rules of one lookup, by the action before their last state."""

    def __init__(self, lookup: Dict[Text, Text]) -> None:
        self.lookup = lookup
        self._by_action: Dict[Text, List[Rule]] = {}
        self._others: List[Rule] = []
        for key in lookup:
            states = json.loads(key)[::-1]
            action = states[0].get(PREVIOUS_ACTION, {}).get(ACTION_NAME) if states else None
            named = action and action != SHOULD_NOT_BE_SET
            place = self._by_action.setdefault(action, []) if named else self._others
            place.append(Rule(key, tuple(map(wanted, states))))

    def fitting(self, states: List[State]) -> Set[Text]:
        """The keys of the rules that do not contradict the conversation's states."""
        if not states:
            return set(self.lookup)
        newest_first = states[::-1]
        action = (newest_first[0].get(PREVIOUS_ACTION) or {}).get(ACTION_NAME)
        asked: Iterable[Rule] = chain(self._by_action.get(action, ()), self._others)
        return {rule.key for rule in asked if all(map(fits, rule.states, newest_first))}


def wanted(state: State) -> Wanted:
    """What a rule's state asks for; a value that is empty asks for nothing."""
    if not state.get(PREVIOUS_ACTION):
        return None
    return tuple(
        (part, name, tuple(value) if isinstance(value, list) else value)
        for part, values in state.items()
        for name, value in values.items()
        if value
    )


def fits(asked: Wanted, state: State) -> bool:
    """Whether a state of the conversation has what a rule asks for."""
    if asked is None or not state.get(PREVIOUS_ACTION):
        return asked is None and not state.get(PREVIOUS_ACTION)
    for part, name, value in asked:
        found = state.get(part, {}).get(name)
        if value == SHOULD_NOT_BE_SET:
            if found and found != SHOULD_NOT_BE_SET:
                return False
        elif found != value:
            return False
    return True


def possible_keys(self: RulePolicy, lookup: Dict[Text, Text], states: List[State]) -> Set[Text]:
    """In place of `RulePolicy._get_possible_keys`."""
    kept: Dict[int, Rules] = self.__dict__.setdefault("_lamplighter_rules", {})
    rules = kept.get(id(lookup))
    if rules is None or rules.lookup is not lookup:
        rules = kept[id(lookup)] = Rules(lookup)
    return rules.fitting(states)


def install() -> None:
    replace(RulePolicy, "_get_possible_keys", possible_keys, expected=EXPECTED)

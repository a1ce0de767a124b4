"""The rules that fit a conversation are those that Rasa finds, for rules of our own domain and states at random."""

import json
import random

from rasa.core.policies.rule_policy import RulePolicy

from bot.engine.speed.quick_rules import Rules

ACTIONS = ["action_listen", "action_thank", "service_form", "action_begin_service"]
INTENTS = ["thank", "inform", "report_outage"]
UNSET = "should_not_be_set"


def before(lookup, states):
    """`RulePolicy._get_possible_keys` of Rasa 3.6.21, of its own parts."""
    policy = RulePolicy.__new__(RulePolicy)
    keys = set(lookup)
    for turn, state in enumerate(reversed(states)):
        keys = {key for key in keys if policy._is_rule_applicable(key, turn, state)}
    return keys


def a_state(chance, *, is_rule):
    state = {}
    if chance.random() < 0.85:
        state["prev_action"] = {"action_name": chance.choice(ACTIONS)}
    if chance.random() < 0.6:
        state["user"] = {"intent": chance.choice(INTENTS)}
        if chance.random() < 0.3:
            state["user"]["entities"] = ["address"] if is_rule else ("address",)
    if chance.random() < 0.5:
        state["slots"] = {"asking": chance.choice([[1.0], [0.0], UNSET] if is_rule else [(1.0,), (0.0,), UNSET, None])}
    if chance.random() < 0.4:
        state["active_loop"] = {"name": chance.choice(["service_form", UNSET])}
    return state


def test_the_same_rules_as_before():
    chance = random.Random(20261125)
    some = 0
    for _ in range(60):
        rules = [[a_state(chance, is_rule=True) for _ in range(chance.randint(1, 3))] for _ in range(60)]
        lookup = {json.dumps(rule, sort_keys=True): "action_thank" for rule in rules}
        quick = Rules(lookup)
        for _ in range(30):
            states = [a_state(chance, is_rule=False) for _ in range(chance.randint(0, 4))]
            found = quick.fitting(states)
            assert found == before(lookup, states)
            some += bool(found) and bool(states)
    assert some > 500

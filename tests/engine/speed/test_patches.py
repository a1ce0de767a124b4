"""The patches are over the Rasa that they were written for, decide as it does, and are put in once."""

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, UserUttered

from bot.engine import speed
from bot.engine.config import EngineError
from bot.engine.speed.patch import MARK, replace

ACTION = RemoteAction("action_answer", None)
GOOD = {"events": [{"event": "slot", "name": "wish", "value": None, "timestamp": None}], "responses": [{"text": "a"}]}
BAD = [
    {"events": [{"event": "slot"}]},
    {"events": "none"},
    {"responses": ["a"]},
    {"events": [{"event": "no such"}]},
    [],
]


def patched():
    """What now stands in the places that are patched."""
    return (
        RemoteAction._validate_action_result,
        Event.resolve_by_type,
        Domain.is_empty,
        DaskGraphRunner.run,
        RulePolicy._get_possible_keys,
    )


@pytest.fixture(autouse=True)
def installed():
    speed.install()


def test_they_are_put_in_once_and_again_changes_nothing():
    before = patched()
    assert all(getattr(code, MARK) for code in before)
    speed.install()
    assert patched() == before


def test_another_rasa_is_refused_in_words():
    class Other:
        def decide(self):
            return "differently"

    with pytest.raises(EngineError, match=r"decide is not Rasa 3\.6\.21's"):
        replace(Other, "decide", lambda self: None, expected="0" * 16)
    assert Other().decide() == "differently"


def test_what_an_action_answers_is_still_checked():
    assert ACTION._validate_action_result(GOOD)


@pytest.mark.parametrize("answer", BAD)
def test_a_wrong_answer_is_refused_as_before(answer):
    with pytest.raises(jsonschema.ValidationError) as before:
        jsonschema.validate(answer, RemoteAction.action_response_format_spec())
    with pytest.raises(jsonschema.ValidationError, match="Failed to validate Action server response") as now:
        ACTION._validate_action_result(answer)
    assert now.value.message.startswith(before.value.message)


def test_event_classes_are_found_as_before():
    for _ in range(2):
        assert Event.resolve_by_type("user") is UserUttered
        assert Event.resolve_by_type("no such", SlotSet) is SlotSet
        assert Event.resolve_by_type("topic") is None
        with pytest.raises(ValueError, match="Unknown event name"):
            Event.resolve_by_type("no such")


@pytest.mark.parametrize(
    ("written", "empty"),
    [
        ("", True),
        ("version: '3.1'", True),
        ("intents: [greet]", False),
        ("actions: [action_answer]", False),
        ("responses: {utter_greet: [{text: hello}]}", False),
        ("session_config: {session_expiration_time: 5, carry_over_slots_to_new_session: true}", False),
    ],
)
def test_a_domain_is_empty_when_it_was_before(written, empty):
    assert Domain.from_yaml(written).is_empty() is empty

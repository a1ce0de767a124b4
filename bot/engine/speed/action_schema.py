"""The action server's answer is checked against a constant schema. Rasa compiles and checks that schema at each action
(50 ms); here it is compiled once, and only the answer is checked, by the same library with the same outcome."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Dict, Text

from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.constants import DOCS_BASE_URL

from bot.engine.speed.patch import replace

EXPECTED = "f8cdb4be68123961"


@lru_cache(maxsize=1)
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    compiled = validator_for(schema)
    compiled.check_schema(schema)
    return compiled(schema)


def validate(self: RemoteAction, result: Dict[Text, Any]) -> bool:
    """In place of `RemoteAction._validate_action_result`. Raises jsonschema's ValidationError with Rasa's words."""
    error = best_match(_validator().iter_errors(result))
    if error is None:
        return True
    error.message += (
        f". Failed to validate Action server response from API, "
        f"make sure your response from the Action endpoint is valid. "
        f"For more information about the format visit "
        f"{DOCS_BASE_URL}/custom-actions"
    )
    raise error


def install() -> None:
    replace(RemoteAction, "_validate_action_result", validate, expected=EXPECTED)

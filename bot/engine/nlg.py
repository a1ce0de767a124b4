"""Rasa's NLG, reduced to names: it says which talk track is meant and with which values; the words are ticketing's.

The default text of domain.yml goes along, filled, for the moment when ticketing cannot be reached (version 0).
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional, Text

from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator

PLACEHOLDER = re.compile(r"{(\w+)}")
# What rasa-sdk and Rasa pass along with a response that is not a value for its placeholders.
NOT_VALUES = {
    "text", "buttons", "elements", "custom", "template", "response", "image", "attachment", "domain_responses",
    "utter_action",
}  # fmt: skip


class TalkTrackNames(TemplatedNaturalLanguageGenerator):
    """Answers `{text: default, buttons, slots}`; Rasa adds `utter_action`, the talk track's name."""

    def __init__(self, endpoint_config: Any = None, domain: Any = None) -> None:
        super().__init__(domain.responses if domain else {})

    def generate_from_slots(
        self, utter_action: Text, filled_slots: Dict[Text, Any], output_channel: Text, **kwargs: Any
    ) -> Optional[Dict[Text, Any]]:
        variation = first_variation(self.responses, utter_action, output_channel, filled_slots)
        if variation is None:
            return None
        given = {name: value for name, value in kwargs.items() if name not in NOT_VALUES}
        return draft(variation, {**filled_slots, **given}, given)


def first_variation(
    responses: Dict[Text, List[Dict[Text, Any]]], name: Text, channel: Text, slots: Dict[Text, Any]
) -> Optional[Dict[Text, Any]]:
    """The variation for this channel. Never a random one: the record must be reproducible."""
    if name not in responses:
        return None
    suitable = ResponseVariationFilter(responses).responses_for_utter_action(name, channel, slots)
    return suitable[0] if suitable else None


def draft(variation: Dict[Text, Any], known: Dict[Text, Any], given: Dict[Text, Any]) -> Dict[Text, Any]:
    """A variation with its placeholders' values beside it; what an action gave is always kept."""
    text = variation.get("text") or ""
    used = {name: known.get(name) for name in PLACEHOLDER.findall(text)}
    return {
        "text": fill(text, known),
        "buttons": [
            {"title": fill(button["title"], known), "payload": fill(button.get("payload") or button["title"], known)}
            for button in variation.get("buttons") or []
        ],
        "slots": {**used, **given},
    }


def fill(text: str, values: Dict[Text, Any]) -> str:
    """Placeholders replaced; a value nobody knows leaves nothing behind."""
    return PLACEHOLDER.sub(lambda found: "" if values.get(found[1]) is None else str(values[found[1]]), text)

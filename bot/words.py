"""The front door's own sentences: talk tracks whose default text (version 0) stands in domain.yml."""

from pathlib import Path
from typing import Any

import yaml

from bot.message import Button, Draft

ENGINE_DOWN = "utter_engine_down"
TICKETING_DOWN = "utter_ticketing_down"
TOO_LONG = "utter_message_too_long"
NOT_WORDS = "utter_not_words"
QUEUED = "utter_handoff_position"
CALL_BACK = "utter_callback_order"
OUTAGE_KNOWN = "utter_outage_known"
OUTAGE_KNOWN_OPEN = "utter_outage_known_no_etr"
OUTAGE_ORDER = "utter_outage_order"
OWN = (
    *(ENGINE_DOWN, TICKETING_DOWN, TOO_LONG, NOT_WORDS, QUEUED, CALL_BACK),
    *(OUTAGE_KNOWN, OUTAGE_KNOWN_OPEN, OUTAGE_ORDER),
)


class MissingWords(RuntimeError):
    """domain.yml lacks a sentence that the front door may have to say."""


def load(domain: Path) -> dict[str, Draft]:
    """The front door's drafts by name, from `domain` (domain.yml). Raises MissingWords, naming what is missing."""
    if not domain.is_file():
        raise MissingWords(f"{domain} is missing: it holds the default texts of {', '.join(OWN)}")
    responses: dict[str, list[dict[str, Any]]] = (yaml.safe_load(domain.read_text("utf-8")) or {}).get("responses", {})
    missing = [name for name in OWN if not responses.get(name)]
    if missing:
        raise MissingWords(f"{domain} has no response {', '.join(missing)}")
    return {name: _draft(name, responses[name][0]) for name in OWN}


def _draft(name: str, response: dict[str, Any]) -> Draft:
    buttons = tuple(Button(**button) for button in response.get("buttons", ()))
    return Draft(talk_track=name, default=response["text"], buttons=buttons)


def handed_over(own: dict[str, Draft], *, position: int | None, order_number: str | None) -> tuple[Draft, ...]:
    """Where a wish for a person led, in words: the call-back order, or the place in the queue."""
    if order_number is not None:
        return (own[CALL_BACK].model_copy(update={"slots": {"order_number": order_number}}),)
    if position is not None:
        return (own[QUEUED].model_copy(update={"slots": {"position": position}}),)
    return ()


def fill(text: str, slots: dict[str, Any]) -> str:
    """The default text with its `{slot}` places filled; a slot without a value stays empty, nothing is ever raised."""
    for name, value in slots.items():
        text = text.replace("{" + name + "}", "" if value is None else str(value))
    return text

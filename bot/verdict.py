"""Pure decisions of a turn: are these words, who answers, does a wish need following up."""

import unicodedata
from enum import StrEnum
from typing import Any

from bot.message import MAX_CHARACTERS, Control, Kind

KEPT_CONTROLS = "\n\t"
WITHOUT_A_WISH = frozenset(
    {
        "greet",
        "goodbye",
        "thank",
        "repeat",
        "ask_help",
        "ask_identity",
        "wait",
        "stop",
        "out_of_scope",
        "silence",
        "ring",
    }
)
"""Intents after which nobody needs to be called back when ticketing is down."""


class Verdict(StrEnum):
    WORDS = "words"
    NOT_WORDS = "not_words"
    TOO_LONG = "too_long"


def clean(text: str) -> str:
    """`text` without control and unpaired surrogate characters (a database or Rasa would choke on them), trimmed."""
    kept = (c for c in text if c in KEPT_CONTROLS or unicodedata.category(c) not in {"Cc", "Cs", "Co", "Cn"})
    return "".join(kept).strip()


def judge(kind: Kind, text: str) -> Verdict:
    """Is there something to understand? A silence and a ring speak for themselves."""
    if kind in {Kind.SILENCE, Kind.RING}:
        return Verdict.WORDS
    if len(text) > MAX_CHARACTERS:
        return Verdict.TOO_LONG
    return Verdict.WORDS if any(unicodedata.category(c)[0] in "LN" for c in text) else Verdict.NOT_WORDS


def person_speaks(control: Control) -> bool:
    """A person has the conversation: the bot is not asked and says nothing."""
    return control in {Control.AGENT, Control.WRAP_UP}


def needs_follow_up(decision: dict[str, Any] | None) -> bool:
    """While ticketing is down, might this wish have needed it? When in doubt, yes: a person calls back."""
    return decision is None or decision.get("intent") not in WITHOUT_A_WISH

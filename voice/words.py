"""The approved words that the gateway itself needs: defaults (version 0) of domain.yml. Python holds no sentence
for a caller."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from voice.errors import VoiceError
from voice.tts.speak import sentences

UNAVAILABLE = "utter_phone_unavailable"
KEYS_ONLY = "utter_phone_keys_only"


class WordsMissing(VoiceError):
    """domain.yml lacks a sentence that the gateway may have to say."""


def defaults(domain: Path) -> dict[str, str]:
    """Name and default text of each response. Raises `WordsMissing` when the gateway's own are not among them."""
    try:
        responses = yaml.safe_load(domain.read_text(encoding="utf-8"))["responses"]
        words = {name: variants[0]["text"] for name, variants in responses.items()}
    except (OSError, yaml.YAMLError, KeyError, TypeError, IndexError) as error:
        raise WordsMissing(f"Cannot read the responses of {domain} (VOICE_DOMAIN): {error}") from error
    for name in (UNAVAILABLE, KEYS_ONLY):
        if name not in words:
            raise WordsMissing(f"{domain} has no response {name}: the gateway would be silent when it must say it.")
    return words


def fixed_sentences(domain: Path, talk_tracks: Path) -> frozenset[str]:
    """Approved sentences that hold no value of a customer's: the same in every call."""
    texts = [domain, *sorted(talk_tracks.glob("*.yml"))]
    return frozenset(
        sentence
        for file in texts
        if file.exists()
        for text in _strings(yaml.safe_load(file.read_text(encoding="utf-8")))
        for sentence in sentences(text)
        if "{" not in sentence
    )


def _strings(tree: Any) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        for value in tree.values():
            yield from _strings(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _strings(value)

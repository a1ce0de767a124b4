"""The gateway's own two sentences, rendered before the first call, each recorded before it is played.

They are said when the front door cannot be asked, so their record cannot go through it: it is a line in
`voice/unrecorded.jsonl` of the data directory, safe on the disk before the words leave. No customer's data is in
it."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from voice.audio import Samples
from voice.words import KEYS_ONLY, UNAVAILABLE

VERSION = 0  # the default text of domain.yml


class Mouth(Protocol):
    async def speak(self, text: str) -> Samples: ...


class OwnWords:
    def __init__(self, sounds: Mapping[str, Samples], journal: Path) -> None:
        self._sounds, self._journal = sounds, journal

    @classmethod
    async def render(cls, words: Mapping[str, str], mouth: Mouth, journal: Path) -> "OwnWords":
        """Raises `CannotSpeak`, so that a gateway without a voice does not start."""
        journal.parent.mkdir(parents=True, exist_ok=True)
        return cls({name: await mouth.speak(words[name]) for name in (UNAVAILABLE, KEYS_ONLY)}, journal)

    def say(self, name: str, *, call: UUID) -> Samples:
        """The sound to play, once its record is on the disk."""
        said = {"at": datetime.now(UTC).isoformat(), "call": str(call), "talk_track": name, "version": VERSION}
        with self._journal.open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(said) + "\n")
            journal.flush()
            os.fsync(journal.fileno())
        return self._sounds[name]

"""Synthesisers: words in, 8 kHz sound out."""

from typing import Protocol

from voice.audio import Samples


class Voice(Protocol):
    name: str
    """Engine, voice and rate: what makes the same words sound the same."""

    async def speak(self, sentence: str) -> Samples:
        """Raises `CannotSpeak`."""
        ...

    async def close(self) -> None: ...

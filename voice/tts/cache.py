"""Sentences already spoken: on disk those whose words are fixed, in memory the others.

A sentence with a customer's value in it (an address, an amount) must not lie about as a WAV, so only sentences that
stand word for word in the approved texts are kept on disk, by the hash of engine, voice and words."""

import hashlib
from collections import OrderedDict
from collections.abc import Set
from pathlib import Path

import numpy as np
import structlog

from voice.audio import Samples, read_wav, write_wav
from voice.errors import WrongWav
from voice.tts import Voice
from voice.tts.speak import sentences

log = structlog.get_logger()
IN_MEMORY = 200  # sentences, about 10 MB


class SpokenSentences:
    def __init__(self, voice: Voice, folder: Path, *, fixed: Set[str]) -> None:
        self._voice, self._folder, self._fixed = voice, folder, fixed
        self._recent: OrderedDict[str, Samples] = OrderedDict()

    async def speak(self, text: str) -> Samples:
        """All sentences of a text, one after the other. Raises `CannotSpeak`."""
        return np.concatenate([np.zeros(0, np.int16), *[await self._sentence(each) for each in sentences(text)]])

    def file(self, sentence: str) -> Path:
        digest = hashlib.sha256(f"{self._voice.name}|{sentence}".encode()).hexdigest()
        return self._folder / digest[:2] / f"{digest}.wav"

    async def _sentence(self, sentence: str) -> Samples:
        sound = self._recent.get(sentence)
        if sound is None:
            sound = self._from_disk(sentence)
        if sound is None:
            sound = await self._voice.speak(sentence)
            if sentence in self._fixed:
                self._to_disk(sentence, sound)
        self._recent[sentence] = sound
        self._recent.move_to_end(sentence)
        if len(self._recent) > IN_MEMORY:
            self._recent.popitem(last=False)
        return sound

    def _from_disk(self, sentence: str) -> Samples | None:
        file = self.file(sentence)
        try:
            return read_wav(file)
        except FileNotFoundError:
            return None
        except (WrongWav, OSError) as error:
            log.warning("voice.cache_damaged", file=file.name, error=type(error).__name__)
            return None

    def _to_disk(self, sentence: str, sound: Samples) -> None:
        try:
            write_wav(self.file(sentence), sound)
        except OSError as error:  # a full disk must not silence the bot
            log.warning("voice.cache_not_written", error=str(error))

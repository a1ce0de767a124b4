"""A caller made of recordings: telephones an AudioSocket server at real pace, as Asterisk would, and keeps what it
hears.

Goes on with its next utterance only when the other side has finished speaking. Used by `make call` and the tests."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np

from voice.audio import LINE_RATE, Samples, duration_ms, frames, from_bytes, silence, to_bytes
from voice.lines.audiosocket import close
from voice.lines.frame import Frame, Type, read

KEY_MS = 200
AUDIBLE = 300  # of 32768: below it is breath and the line
FINISHED_S = 0.6
"""The other side has finished speaking when no sound came for so long."""


@dataclass
class Overheard:
    """What the caller noticed. Times in seconds since the call began."""

    sound: list[tuple[float, Samples]] = field(default_factory=list)
    spoke_until: list[float] = field(default_factory=list)
    answered_after: list[float | None] = field(default_factory=list)
    """For each utterance: seconds from its end to the first sound of the answer."""
    ended_by: str = "caller"

    def recording(self) -> Samples:
        """What was heard, at the time it was heard."""
        length = int(max((at + len(s) / LINE_RATE for at, s in self.sound), default=0) * LINE_RATE) + 1
        line, end = np.zeros(length, np.int16), 0
        for at, samples in self.sound:
            start = max(end, int(at * LINE_RATE))
            end = min(length, start + len(samples))
            line[start:end] = samples[: end - start]
        return line


class WavCaller:
    """`utterances`: samples, or keys as text ("13907760001#"), in the order in which questions are answered."""

    def __init__(
        self,
        id: UUID,
        utterances: Sequence[Samples | str],
        *,
        frame_ms: int = 20,
        waits_for_bot: bool = True,
        patience_s: float = 30,
    ) -> None:
        self._id, self._utterances = id, utterances
        self._frame_ms, self._waits_for_bot, self._patience_s = frame_ms, waits_for_bot, patience_s
        self._began = self._last_heard = 0.0
        self._heard_since_said = False
        self._over = asyncio.Event()
        self.overheard = Overheard()

    async def call(self, host: str, port: int) -> Overheard:
        """Returns after the call. Raises `OSError` when nobody listens."""
        reader, writer = await asyncio.open_connection(host, port)
        self._began = time.monotonic()
        self._writer = writer
        hearing = asyncio.create_task(self._hear(reader))
        try:
            writer.write(Frame(Type.UUID, self._id.bytes).encode())
            await self._converse()
            if not self._over.is_set():
                writer.write(Frame(Type.END).encode())
                await writer.drain()
        except ConnectionError:
            self.overheard.ended_by = "bot"
        finally:
            hearing.cancel()
            await close(writer)
        return self.overheard

    async def _converse(self) -> None:
        for utterance in self._utterances:
            if self._waits_for_bot:
                await self._listen()
            if self._over.is_set():
                return
            await self._say(utterance)
        await self._listen()

    async def _say(self, utterance: Samples | str) -> None:
        self._heard_since_said = False
        self.overheard.answered_after.append(None)
        self.overheard.spoke_until.append(self._now() + _speech_ends_s(utterance))
        if isinstance(utterance, str):
            for key in utterance:
                self._writer.write(Frame(Type.DTMF, key.encode()).encode())
                await self._send(silence(KEY_MS))
        else:
            await self._send(utterance)
        self._heard_since_said = self.overheard.answered_after[-1] is not None

    async def _listen(self) -> None:
        """Silence of our own, until the other side has spoken and finished, hung up, or said nothing for too long."""
        until = self._now() + self._patience_s
        while not self._over.is_set() and self._now() < until:
            await self._send(silence(self._frame_ms))
            if self._heard_since_said and self._now() - self._last_heard > FINISHED_S:
                return

    async def _send(self, samples: Samples) -> None:
        began = time.monotonic()
        for count, frame in enumerate(frames(samples, ms=self._frame_ms), start=1):
            if self._over.is_set():
                return
            self._writer.write(Frame(Type.SOUND, to_bytes(frame)).encode())
            await self._writer.drain()
            await asyncio.sleep(max(0.0, began + count * self._frame_ms / 1000 - time.monotonic()))

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        while (frame := await read(reader)) is not None and frame.type is not Type.END:
            if frame.type is Type.SOUND:
                self._note(from_bytes(frame.payload))
        self.overheard.ended_by = "bot"
        self._over.set()

    def _note(self, samples: Samples) -> None:
        now = self._now()
        self.overheard.sound.append((now, samples))
        self._last_heard = now + duration_ms(samples) / 1000
        if not np.any(np.abs(samples) > 100):
            return
        spoken, answered = self.overheard.spoke_until, self.overheard.answered_after
        if spoken and answered[-1] is None and now > spoken[-1]:
            answered[-1] = round(now - spoken[-1], 2)
        self._heard_since_said = True

    def _now(self) -> float:
        return time.monotonic() - self._began


def _speech_ends_s(utterance: Samples | str) -> float:
    """When its last audible sample is sent, or its last key."""
    if isinstance(utterance, str):
        return len(utterance) * KEY_MS / 1000
    audible = np.flatnonzero(np.abs(utterance.astype(np.int32)) > AUDIBLE)
    return float(audible[-1] + 1) / LINE_RATE if len(audible) else 0.0

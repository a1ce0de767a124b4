"""The AudioSocket line: Asterisk connects over TCP, one connection a call.

We own the playout clock: at most two frames ahead of real time, so that stopping is at once. EOF is the caller's
hang-up, and our side is always closed (sockets left in CLOSE-WAIT froze Asterisk)."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import structlog

from voice.audio import FRAME_MS, LINE_RATE, Samples, duration_ms, frames, from_bytes, resample, to_bytes
from voice.errors import HungUp
from voice.lines import Key, Line, Sound
from voice.lines.frame import Frame, NotAudioSocket, Type, read

AHEAD_MS = 2 * FRAME_MS
FIRST_FRAME_S = 5.0  # Asterisk sends the UUID within 1 ms; who does not is no Asterisk
QUIET_S = 60.0  # no frame for so long: a half-open connection. Holes while a key is held are below 1 s

log = structlog.get_logger()


class AudioSocketLine:
    """One call after its UUID frame."""

    def __init__(self, id: UUID, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.id = id
        self._reader, self._writer = reader, writer
        self._began = self._length_ms = 0.0
        self._ended = False

    async def events(self) -> AsyncIterator[Sound | Key]:
        while (frame := await self._next()) is not None:
            match frame.type:
                case Type.SOUND:
                    yield Sound(from_bytes(frame.payload))
                case Type.SOUND_16K:
                    yield Sound(resample(from_bytes(frame.payload), source=16000, target=LINE_RATE))
                case Type.DTMF if frame.payload in {bytes([c]) for c in b"0123456789*#"}:
                    yield Key(frame.payload.decode())
                case Type.END:
                    return
                case _:
                    log.info("voice.frame_ignored", call=str(self.id), type=frame.type.name)

    async def play(self, samples: Samples) -> None:
        self._length_ms = 0.0
        self._began = time.monotonic()
        try:
            for frame in frames(samples):
                await self._wait_until(self._length_ms - AHEAD_MS)
                await self._send(Frame(Type.SOUND, to_bytes(frame)))
                self._length_ms += FRAME_MS
            await self._wait_until(duration_ms(samples))
        except asyncio.CancelledError:
            self._length_ms = self.played_ms
            raise

    @property
    def played_ms(self) -> int:
        return int(min(self._length_ms, (time.monotonic() - self._began) * 1000))

    async def hang_up(self) -> None:
        if not self._ended:
            self._ended = True
            with contextlib.suppress(HungUp):
                await self._send(Frame(Type.END))
            await close(self._writer)

    async def _next(self) -> Frame | None:
        try:
            return await asyncio.wait_for(read(self._reader), QUIET_S)
        except TimeoutError:
            log.warning("voice.half_open", call=str(self.id))
        except NotAudioSocket as error:
            log.warning("voice.not_audiosocket", call=str(self.id), detail=str(error))
        return None

    async def _send(self, frame: Frame) -> None:
        try:
            self._writer.write(frame.encode())
            await asyncio.wait_for(self._writer.drain(), 5)
        except (ConnectionError, TimeoutError, RuntimeError) as error:
            raise HungUp("the line is closed") from error

    async def _wait_until(self, ms: float) -> None:
        await asyncio.sleep(max(0.0, self._began + ms / 1000 - time.monotonic()))


class AudioSocketServer:
    """Gives each call to `answer`; refuses calls above `max_calls` at once, so that the dialplan rings people."""

    def __init__(self, answer: Callable[[Line], Awaitable[None]], *, max_calls: int) -> None:
        self._answer = answer
        self._max_calls = max_calls
        self._calls: set[asyncio.Task[None]] = set()

    async def serve(self, host: str, port: int) -> asyncio.Server:
        return await asyncio.start_server(self._connected, host, port)

    async def drain(self, timeout_s: float) -> None:
        """Lets running calls end; those that take longer are cut."""
        if self._calls:
            _, late = await asyncio.wait(self._calls, timeout=timeout_s)
            for call in late:
                call.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        try:
            if len(self._calls) >= self._max_calls:
                log.warning("voice.refused", calls=len(self._calls))
                writer.write(Frame(Type.END).encode())
            elif id := await _first_frame(reader):
                self._calls.add(task)
                await self._answer(AudioSocketLine(id, reader, writer))
        finally:
            self._calls.discard(task)
            await close(writer)


async def _first_frame(reader: asyncio.StreamReader) -> UUID | None:
    """The call's UUID; None for a health check that only connects, and for strangers."""
    try:
        frame = await asyncio.wait_for(read(reader), FIRST_FRAME_S)
        if frame is None:
            return None
        if frame.type is Type.UUID and len(frame.payload) == 16:
            return UUID(bytes=frame.payload)
        log.warning("voice.no_uuid", type=frame.type.name)
    except TimeoutError:
        log.warning("voice.no_uuid", waited_s=FIRST_FRAME_S)
    except NotAudioSocket as error:
        log.warning("voice.not_audiosocket", detail=str(error))
    return None


async def close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(ConnectionError, TimeoutError):
        await asyncio.wait_for(writer.wait_closed(), 2)

"""What comes from the line, as the call wants it: stretches of sound marked speech or not, keys, and the holes
between them."""

import asyncio
import contextlib
import time
from dataclasses import dataclass
from types import TracebackType

from voice.activity import STEP_MS, SpeechDetector
from voice.audio import Samples
from voice.errors import HungUp
from voice.lines import Key, Line, Sound


@dataclass(frozen=True)
class Stretch:
    """32 ms of sound."""

    samples: Samples
    is_speech: bool
    ms: int = STEP_MS


@dataclass(frozen=True)
class Hole:
    """Nothing came for so long: a key is held, or the network sleeps."""

    ms: int


class Ear:
    """Reads the line all the time, so that nothing said while the bot thinks is lost."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._moments: asyncio.Queue[Stretch | Key | None] = asyncio.Queue()
        self._detector = SpeechDetector()
        self._task: asyncio.Task[None] | None = None
        self._ended = False

    async def __aenter__(self) -> "Ear":
        self._task = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        assert self._task is not None
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def next(self, *, within_ms: int = 100) -> Stretch | Key | Hole:
        """Raises `HungUp` when the caller is gone, again at each call."""
        began = time.monotonic()
        try:
            moment = None if self._ended else await asyncio.wait_for(self._moments.get(), within_ms / 1000)
        except TimeoutError:
            return Hole(round((time.monotonic() - began) * 1000))
        if moment is None:
            self._ended = True
            raise HungUp("the caller hung up")
        return moment

    async def _read(self) -> None:
        try:
            async for event in self._line.events():
                match event:
                    case Sound(samples):
                        for step, is_speech in self._detector.feed(samples):
                            self._moments.put_nowait(Stretch(step, is_speech))
                    case Key():
                        self._moments.put_nowait(event)
        finally:
            self._moments.put_nowait(None)

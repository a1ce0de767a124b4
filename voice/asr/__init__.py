"""Recognisers: sound of a line in, text out. One recogniser serves all calls; a stream is one utterance."""

from dataclasses import dataclass
from typing import Protocol

from voice.audio import Samples
from voice.expects import Expects


@dataclass(frozen=True)
class Heard:
    """`text` is empty when nothing was understood; `confidence` 0 to 1, None when the recogniser gives none."""

    text: str
    confidence: float | None = None


class Stream(Protocol):
    async def hear(self, samples: Samples) -> None:
        """8 kHz. Never blocks the event loop."""
        ...

    def pause(self) -> None:
        """The caller may have finished: a recogniser that does not stream begins to work now, while the endpoint
        waits."""
        ...

    def resume(self) -> None:
        """The caller goes on: what was begun at the pause is void."""
        ...

    async def finish(self) -> Heard: ...


class Recogniser(Protocol):
    name: str

    def open(self, expects: Expects) -> Stream: ...

    def close(self) -> None: ...

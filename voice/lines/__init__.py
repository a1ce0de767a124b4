"""A line is one telephone call's sound and keys, whatever carries it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from voice.audio import Samples


@dataclass(frozen=True)
class Sound:
    """Any length of 8 kHz samples from the caller."""

    samples: Samples


@dataclass(frozen=True)
class Key:
    """One of 0-9, *, #."""

    key: str


class Line(Protocol):
    id: UUID

    def events(self) -> AsyncIterator[Sound | Key]:
        """What comes from the caller; ends when the caller hangs up."""
        ...

    async def play(self, samples: Samples) -> None:
        """Returns when the caller has heard it all; cancelled: nothing more is heard. Raises `HungUp`."""
        ...

    @property
    def played_ms(self) -> int:
        """How much of the last `play` the caller has heard."""
        ...

    async def hang_up(self) -> None:
        """Ends our side; harmless when it has ended already."""
        ...

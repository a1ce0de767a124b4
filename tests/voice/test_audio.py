import wave
from pathlib import Path

import numpy as np
import pytest

from voice import audio
from voice.errors import WrongWav


def tone(hz: float, *, rate: int, seconds: float = 0.5) -> audio.Samples:
    return (10000 * np.sin(2 * np.pi * hz * np.arange(int(rate * seconds)) / rate)).astype(np.int16)


def strongest_hz(samples: audio.Samples, rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * rate / len(samples))


@pytest.mark.parametrize(("source", "target"), [(22050, 8000), (24000, 8000), (8000, 16000), (16000, 8000)])
def test_a_tone_keeps_its_pitch_length_and_loudness_through_resampling(source: int, target: int) -> None:
    heard = audio.resample(tone(1000, rate=source), source=source, target=target)
    assert len(heard) == target // 2
    assert strongest_hz(heard, target) == pytest.approx(1000, abs=3)
    middle = heard[len(heard) // 4 : -len(heard) // 4].astype(float)
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(10000 / np.sqrt(2), rel=0.02)


def test_what_a_line_cannot_carry_is_filtered_out_and_does_not_fold_back() -> None:
    heard = audio.resample(tone(6000, rate=22050), source=22050, target=8000)
    assert np.abs(heard[200:-200]).max() < 300


def test_doubling_in_frames_equals_doubling_at_once() -> None:
    sound = tone(700, rate=8000)
    stream, whole = audio.Doubler(), audio.Doubler()
    pieces = np.concatenate([stream.feed(frame) for frame in audio.frames(sound, ms=20)])
    assert np.array_equal(pieces, whole.feed(sound))
    assert strongest_hz(pieces, 16000) == pytest.approx(700, abs=3)


def test_mulaw_keeps_the_sound_within_its_steps() -> None:
    sound = tone(440, rate=8000)
    heard = audio.through_mulaw(sound)
    assert np.abs(heard.astype(int) - sound).max() < 10000 * 0.04
    assert not np.array_equal(heard, sound)


def test_frames_are_equal_and_the_last_is_filled_with_silence() -> None:
    frames = list(audio.frames(np.ones(200, np.int16), ms=20))
    assert [len(frame) for frame in frames] == [160, 160]
    assert frames[1][40:].sum() == 0


def test_a_wav_comes_back_as_it_was_written(tmp_path: Path) -> None:
    audio.write_wav(tmp_path / "a" / "x.wav", tone(500, rate=8000))
    assert np.array_equal(audio.read_wav(tmp_path / "a/x.wav"), tone(500, rate=8000))
    assert [each.name for each in (tmp_path / "a").iterdir()] == ["x.wav"]


@pytest.mark.parametrize(("rate", "channels", "width"), [(16000, 1, 2), (8000, 2, 2), (8000, 1, 1)])
def test_another_format_is_refused_with_the_way_to_convert_it(
    tmp_path: Path, rate: int, channels: int, width: int
) -> None:
    with wave.open(str(tmp_path / "x.wav"), "wb") as wav:
        wav.setframerate(rate)
        wav.setnchannels(channels)
        wav.setsampwidth(width)
        wav.writeframes(bytes(3200))
    with pytest.raises(WrongWav, match=rf"{rate} Hz, {channels} channel.*{8 * width} bits.*ffmpeg -i x.wav -ar 8000"):
        audio.read_wav(tmp_path / "x.wav")


def test_something_that_is_no_wav_is_refused_with_the_way_to_convert_it(tmp_path: Path) -> None:
    (tmp_path / "song.mp3").write_bytes(b"ID3 not a wav")
    with pytest.raises(WrongWav, match=r"no PCM WAV file.*ffmpeg"):
        audio.read_wav(tmp_path / "song.mp3")

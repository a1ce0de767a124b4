from pathlib import Path

import numpy as np
import pytest

from tests.voice.conftest import CALLERS, caller
from voice import audio
from voice.dial import main, utterances


def test_sentences_apart_by_silence_are_answers_in_turn() -> None:
    names = ["report_outage", "address", "whole_building"]
    recording = np.concatenate([piece for name in names for piece in (caller(name), audio.silence(1200))])
    parts = utterances(recording, gap_ms=1000)
    assert len(parts) == 3
    assert all(
        audio.duration_ms(part) < audio.duration_ms(caller(name)) for part, name in zip(parts, names, strict=True)
    )


def test_a_pause_within_a_sentence_does_not_part_it() -> None:
    assert len(utterances(caller("hazard"), gap_ms=1000)) == 1


def test_a_silent_recording_holds_no_sentence() -> None:
    assert utterances(audio.silence(3000), gap_ms=1000) == []


def test_a_wav_of_another_format_is_refused_with_the_way_to_convert_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    audio.write_wav(tmp_path / "hifi.wav", audio.silence(100, rate=44100), rate=44100)
    assert main([str(tmp_path / "hifi.wav")]) == 1
    assert "44100 Hz" in (told := capsys.readouterr().err)
    assert "ffmpeg -i hifi.wav -ar 8000 -ac 1 -c:a pcm_s16le hifi-8k.wav" in told


def test_a_wav_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nowhere.wav"]) == 1
    assert "nowhere.wav" in capsys.readouterr().err


def test_when_nobody_listens_it_says_what_to_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [str(CALLERS / "yes.wav"), "--port", "9", "--home", str(tmp_path), "--bot-url", "http://127.0.0.1:9"]
    assert main(arguments) == 1
    assert "make run" in capsys.readouterr().err

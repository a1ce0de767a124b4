"""The real Whisper on Mandarin callers through an 8 kHz µ-law line (tests/fixtures/make_callers.py)."""

import re
from pathlib import Path

import pytest

from tests.voice.conftest import SPOKEN, caller
from voice import audio
from voice.asr.whisper import WhisperRecogniser, plain, repeats_itself, speech_ms
from voice.errors import ModelMissing
from voice.expects import Expects, Kind

KINDS = {"address": Kind.ADDRESS, "yes": Kind.YES_NO}
CLEAR = [name for name in SPOKEN if not name.startswith("english")]


def characters(text: str) -> str:
    return re.sub(r"\W", "", text)


def misheard(text: str, spoken: str) -> int:
    """Characters that differ. All are right here; one is allowed, because int8 rounds differently on other
    processors."""
    differing = sum(a != b for a, b in zip(text, spoken, strict=False))
    return differing + abs(len(text) - len(spoken))


@pytest.mark.parametrize("name", CLEAR)
async def test_a_caller_is_heard(whisper: WhisperRecogniser, name: str) -> None:
    stream = whisper.open(Expects(KINDS.get(name, Kind.ANYTHING)))
    for frame in audio.frames(caller(name)):
        await stream.hear(frame)
    heard = await stream.finish()
    assert misheard(characters(heard.text), characters(SPOKEN[name])) <= 1
    assert heard.confidence is not None and 0 < heard.confidence <= 1


async def test_nothing_is_invented_from_silence(whisper: WhisperRecogniser) -> None:
    stream = whisper.open(Expects())
    await stream.hear(audio.silence(3000))
    assert (await stream.finish()).text == ""


async def test_an_utterance_of_no_sound_is_heard_as_nothing(whisper: WhisperRecogniser) -> None:
    assert (await whisper.open(Expects()).finish()).text == ""


def test_missing_weights_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"voice\.model whisper"):
        WhisperRecogniser(tmp_path)


def test_speech_is_told_from_silence() -> None:
    assert speech_ms(audio.silence(2000)) == 0
    assert speech_ms(caller("report_outage")) > 600


@pytest.mark.parametrize(
    ("text", "caught"),
    [
        ("我家停电了，我家停电了，我家停电了，", True),
        ("我要转人工\N{REPLACEMENT CHARACTER}", True),
        ("我家停电了。", False),
        ("是的是的是的", False),
    ],
)
def test_a_loop_is_noticed(text: str, caught: bool) -> None:
    assert repeats_itself(text) is caught


@pytest.mark.parametrize(
    ("heard", "kind", "text"),
    [
        ("百色市，右江区，中山二路八号。", Kind.ADDRESS, "百色市右江区中山二路八号"),
        ("139 0776,0001.", Kind.DIGITS, "13907760001"),
        ("不用了，谢谢。", Kind.ANYTHING, "不用了，谢谢"),
        ("一百二十八.五元", Kind.ANYTHING, "一百二十八.五元"),
        (" 。", Kind.ANYTHING, ""),
        ("我家停电了４", Kind.ANYTHING, "我家停电了"),
        ("我要转人工４我要转人工", Kind.ANYTHING, "我要转人工，我要转人工"),
    ],
)
def test_punctuation_that_nobody_spoke_is_taken_off(heard: str, kind: Kind, text: str) -> None:
    assert plain(heard, kind) == text

"""The real Vosk on real speech. Its model here is English: no registry holds the Chinese one."""

import json
from pathlib import Path

import pytest

from tests.voice.conftest import caller
from voice import audio
from voice.asr import Heard
from voice.asr.vosk import VoskRecogniser, spell
from voice.errors import ModelMissing
from voice.expects import Expects, Kind


async def hear(recogniser: VoskRecogniser, sound: audio.Samples, expects: Expects) -> Heard:
    stream = recogniser.open(expects)
    for frame in audio.frames(sound):
        await stream.hear(frame)
    return await stream.finish()


def misheard(text: str, spoken: str) -> int:
    """How many words of the sentence are not in what was heard: small-en makes a mistake now and then."""
    return len(set(spoken.split()) - set(text.split()))


async def test_it_hears_a_sentence_from_an_8_khz_line(english: VoskRecogniser) -> None:
    heard = await hear(english, caller("english_outage"), Expects())
    assert misheard(heard.text, "the power is out in my house") <= 1
    assert heard.confidence is not None and heard.confidence > 0.7


async def test_digits_are_heard_with_a_grammar_of_digits(english: VoskRecogniser) -> None:
    heard = await hear(english, caller("english_digits"), Expects(Kind.DIGITS, 5))
    assert heard.text == "nine oh two one oh"


async def test_the_grammar_keeps_other_words_out(english: VoskRecogniser) -> None:
    digits = await hear(english, caller("english_outage"), Expects(Kind.DIGITS))
    assert not {"power", "house"} & set(digits.text.split())


async def test_silence_is_heard_as_nothing(english: VoskRecogniser) -> None:
    assert await hear(english, audio.silence(1000), Expects()) == Heard("")


async def test_streams_do_not_hear_each_other(english: VoskRecogniser) -> None:
    one, other = english.open(Expects(Kind.DIGITS)), english.open(Expects())
    for a, b in zip(audio.frames(caller("english_digits")), audio.frames(caller("english_outage")), strict=False):
        await one.hear(a)
        await other.hear(b)
    assert (await one.finish()).text.startswith("nine oh two")
    assert misheard((await other.finish()).text, "the power is out in my house") <= 1


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="make model"):
        VoskRecogniser(tmp_path)


@pytest.mark.parametrize(
    ("words", "text"),
    [(["我家", "停电", "了"], "我家停电了"), (["nine", "oh"], "nine oh"), ([], ""), (["用", "app"], "用app")],
)
def test_chinese_words_are_written_together(words: list[str], text: str) -> None:
    assert spell(words) == text


def test_the_grammar_for_digits_holds_only_words_of_the_model(english: VoskRecogniser) -> None:
    grammar = english._grammars[Kind.DIGITS]
    assert grammar is not None and "[unk]" in grammar and "幺" not in json.dumps(grammar, ensure_ascii=False)

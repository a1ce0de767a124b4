from pathlib import Path

import numpy as np

from voice.audio import Samples
from voice.tts.cache import SpokenSentences


class Counting:
    """A voice that counts: the cache's own behaviour is under test, not a synthesiser."""

    name = "counting|v|1"

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def speak(self, sentence: str) -> Samples:
        self.asked.append(sentence)
        return np.full(80 * len(sentence), 7, np.int16)

    async def close(self) -> None: ...


def spoken(folder: Path, voice: Counting) -> SpokenSentences:
    return SpokenSentences(voice, folder, fixed={"您好。", "再见。"})


def recordings(folder: Path) -> list[Path]:
    return list(folder.rglob("*.wav"))


async def test_an_approved_sentence_is_synthesised_once_for_all_processes(tmp_path: Path) -> None:
    first, second = Counting(), Counting()
    one = await spoken(tmp_path, first).speak("您好。")
    other = await spoken(tmp_path, second).speak("您好。")
    assert (first.asked, second.asked) == (["您好。"], [])
    assert np.array_equal(one, other)


async def test_a_sentence_with_a_customers_value_is_never_on_the_disk(tmp_path: Path) -> None:
    voice = Counting()
    sentences = spoken(tmp_path, voice)
    await sentences.speak("您好。地址是右江区百色学院。")
    await sentences.speak("您好。地址是右江区百色学院。")
    assert voice.asked == ["您好。", "地址是右江区百色学院。"]
    assert len(recordings(tmp_path)) == 1


async def test_another_voice_has_recordings_of_its_own(tmp_path: Path) -> None:
    voice, other = Counting(), Counting()
    other.name = "counting|w|1"
    assert spoken(tmp_path, voice).file("您好。") != spoken(tmp_path, other).file("您好。")


async def test_a_damaged_recording_is_made_again(tmp_path: Path) -> None:
    voice = Counting()
    file = spoken(tmp_path, voice).file("您好。")
    file.parent.mkdir(parents=True)
    file.write_bytes(b"RIFF broken")
    assert len(await spoken(tmp_path, voice).speak("您好。")) == 240
    assert voice.asked == ["您好。"]


async def test_a_disk_that_takes_nothing_does_not_silence_the_bot(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert len(await spoken(tmp_path / "file", Counting()).speak("您好。")) == 240

"""The real pyttsx3 and espeak-ng, in their process."""

import asyncio
import os
import signal
import sys

import numpy as np
import pytest

from voice import audio
from voice.errors import CannotSpeak
from voice.tts.pyttsx3 import Pyttsx3Voice


async def test_a_sentence_becomes_sound_of_the_line(voice: Pyttsx3Voice) -> None:
    short, long = await voice.speak("您好。"), await voice.speak("请问停电的地址是哪里？请说到门牌号。")
    assert 300 < audio.duration_ms(short) < audio.duration_ms(long) < 10_000
    assert np.abs(long).max() > 3000


async def test_many_at_once_are_each_spoken_as_themselves(voice: Pyttsx3Voice) -> None:
    texts = ["停电。", "请问停电的地址是哪里？", "好的。"]
    alone = [audio.duration_ms(await voice.speak(text)) for text in texts]
    together = await asyncio.gather(*(voice.speak(text) for text in texts * 3))
    assert [audio.duration_ms(sound) for sound in together] == pytest.approx(alone * 3, abs=60)


async def test_a_killed_worker_is_replaced(voice: Pyttsx3Voice) -> None:
    await voice.speak("您好。")
    first = voice.worker_pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert len(await voice.speak("您好。"))
    assert voice.worker_pid != first


async def test_a_hung_worker_is_replaced() -> None:
    voice = Pyttsx3Voice(voice="sit/cmn-latn-pinyin", rate=170, timeout_s=1.5)
    await voice.speak("您好。")
    assert voice.worker_pid is not None
    os.kill(voice.worker_pid, signal.SIGSTOP)
    try:
        assert len(await voice.speak("您好。"))
    finally:
        await voice.close()


async def test_a_voice_that_does_not_exist_is_an_error_and_not_silence() -> None:
    voice = Pyttsx3Voice(voice="sit/klingon", rate=170, timeout_s=5)
    with pytest.raises(CannotSpeak):
        await voice.speak("您好。")
    await voice.close()


async def test_nothing_of_espeak_is_loaded_in_our_own_process(voice: Pyttsx3Voice) -> None:
    """espeak-ng is GPL-3: it stays in its worker."""
    await voice.speak("您好。")
    assert "espeakng_loader" not in sys.modules
    with open("/proc/self/maps") as maps:  # noqa: PTH123, ASYNC230
        assert "espeak" not in maps.read()

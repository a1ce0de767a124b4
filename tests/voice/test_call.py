"""A whole call over TCP: a real line, the real front door's wire, real ears where they are there; seconds are not
asserted."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest

from tests.voice.conftest import caller, listening
from tests.voice.peer import TOKEN, FrontDoorPeer, answer
from voice import audio
from voice.asr import Recogniser
from voice.asr.vosk import VoskRecogniser
from voice.asr.whisper import WhisperRecogniser
from voice.call import Call
from voice.front_door import FrontDoor
from voice.lines import Line
from voice.lines.frame import Frame, Type, read
from voice.lines.wav import Overheard, WavCaller
from voice.own_words import OwnWords
from voice.words import KEYS_ONLY, UNAVAILABLE

OWN = {UNAVAILABLE: "系统故障。", KEYS_ONLY: "请按键。"}
LENGTHS = {"系统故障。": 500, "请按键。": 300, "很长的话。": 4000}


class Tones:
    """A mouth that hums as long as we like: what is under test is the call, not the voice."""

    async def speak(self, text: str) -> audio.Samples:
        ms = LENGTHS.get(text, 200)
        return (3000 * np.sin(np.arange(8 * ms) * 0.3)).astype(np.int16)


@contextlib.asynccontextmanager
async def gateway(peer: FrontDoorPeer, tmp_path: Path, recogniser: Recogniser | None) -> AsyncIterator[int]:
    office = FrontDoor(peer.url, TOKEN, timeout_s=2, retry_after_s=(0.05,))
    own_words = await OwnWords.render(OWN, Tones(), tmp_path / "unrecorded.jsonl")

    async def take(line: Line) -> None:
        await Call(line, office=office, recogniser=recogniser, mouth=Tones(), own_words=own_words).run()

    async with listening(take) as port:
        yield port
    await office.close()


async def telephone(
    port: int, *utterances: audio.Samples | str, id: UUID | None = None, waits: bool = True
) -> Overheard:
    spoken = WavCaller(id or uuid4(), utterances, waits_for_bot=waits, patience_s=15)
    return await asyncio.wait_for(spoken.call("127.0.0.1", port), 60)


def states(peer: FrontDoorPeer) -> list[str]:
    return [each["state"] for each in peer.deliveries]


async def test_a_call_greets_hears_answers_and_hangs_up(english: VoskRecogniser, tmp_path: Path) -> None:
    async with (
        FrontDoorPeer(answer("您好。"), answer("好的。", "再见。", hang_up=True)) as peer,
        gateway(peer, tmp_path, english) as port,
    ):
        overheard = await telephone(port, caller("english_outage"))
    assert [turn["kind"] for turn in peer.turns] == ["speech"]
    assert "power" in peer.turns[0]["text"]
    assert peer.turns[0]["confidence"] > 0.5
    assert states(peer) == ["delivered"] * 3
    assert (peer.ends, overheard.ended_by) == (["bot"], "bot")
    assert overheard.answered_after[0] is not None


async def test_mandarin_is_heard_from_the_line_to_the_front_door(whisper: WhisperRecogniser, tmp_path: Path) -> None:
    script = [answer("您好。"), answer("请问地址？", expects="address"), answer("再见。", hang_up=True)]
    async with FrontDoorPeer(*script) as peer, gateway(peer, tmp_path, whisper) as port:
        await telephone(port, caller("report_outage"), caller("address"))
    heard = ["".join(c for c in turn["text"] if c.isalnum()) for turn in peer.turns]
    assert heard == ["我家停电了", "百色市右江区中山二路八号"]


async def test_speech_cuts_the_bot_short_and_the_front_door_is_told_where(
    english: VoskRecogniser, tmp_path: Path
) -> None:
    async with (
        FrontDoorPeer(answer("很长的话。", "更多。"), answer("再见。", hang_up=True)) as peer,
        gateway(peer, tmp_path, english) as port,
    ):
        await telephone(port, audio.silence(500), caller("english_outage"), waits=False)
    assert states(peer) == ["cut", "dropped", "delivered"]
    assert 0 < peer.deliveries[0]["cut_at_ms"] < LENGTHS["很长的话。"]
    assert "power" in peer.turns[0]["text"]  # the first words were said over the bot and are heard all the same


async def test_a_farewell_is_said_to_its_end(english: VoskRecogniser, tmp_path: Path) -> None:
    async with FrontDoorPeer(answer("很长的话。", hang_up=True)) as peer, gateway(peer, tmp_path, english) as port:
        await telephone(port, caller("english_outage"), waits=False)
    assert states(peer) == ["delivered"]


async def test_keys_are_an_answer_and_stop_the_bot(english: VoskRecogniser, tmp_path: Path) -> None:
    script = [answer("很长的话。", expects="digits", length=11), answer("再见。", hang_up=True)]
    async with FrontDoorPeer(*script) as peer, gateway(peer, tmp_path, english) as port:
        await telephone(port, "13907760001", waits=False)
    assert peer.turns == [{"id": "t-1", "kind": "keys", "text": "13907760001", "confidence": None}]
    assert states(peer) == ["cut", "delivered"]


async def test_without_a_recogniser_callers_are_told_to_press_keys(tmp_path: Path) -> None:
    async with (
        FrontDoorPeer(answer("您好。"), answer("再见。", hang_up=True)) as peer,
        gateway(peer, tmp_path, None) as port,
    ):
        overheard = await telephone(port, "1#")
    assert [turn["text"] for turn in peer.turns] == ["1"]
    assert journal(tmp_path) == [KEYS_ONLY]
    heard_ms = sum(audio.duration_ms(sound) for _, sound in overheard.sound)
    assert heard_ms >= 200 + 200 + 20  # the greeting, the farewell, and at least the beginning of the prompt


async def test_silence_is_a_turn_and_the_dialogue_decides(english: VoskRecogniser, tmp_path: Path) -> None:
    async with (
        FrontDoorPeer(answer("您好。"), answer("再见。", hang_up=True)) as peer,
        gateway(peer, tmp_path, english) as port,
    ):
        await telephone(port, audio.silence(100))
    assert [(turn["kind"], turn["text"]) for turn in peer.turns] == [("silence", "")]


async def test_a_caller_who_hangs_up_in_mid_sentence_is_reported(english: VoskRecogniser, tmp_path: Path) -> None:
    async with FrontDoorPeer(answer("很长的话。")) as peer, gateway(peer, tmp_path, english) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(Frame(Type.UUID, uuid4().bytes).encode())
        for _ in range(20):
            await read(reader)
        writer.close()
        await eventually(lambda: peer.ends == ["caller"])
    assert states(peer) == ["cut"]
    assert peer.deliveries[0]["cut_at_ms"] < 1000


@pytest.mark.parametrize("fault", ["broken", "gone"])
async def test_without_the_front_door_the_apology_is_recorded_said_and_the_line_closed(
    english: VoskRecogniser, tmp_path: Path, fault: str
) -> None:
    call = uuid4()
    async with FrontDoorPeer(broken=fault == "broken") as peer:
        if fault == "gone":
            peer.url = "http://127.0.0.1:9"
        async with gateway(peer, tmp_path, english) as port:
            overheard = await telephone(port, id=call)
    assert journal(tmp_path) == [UNAVAILABLE]
    assert str(call) in (tmp_path / "unrecorded.jsonl").read_text()
    assert sum(audio.duration_ms(sound) for _, sound in overheard.sound) == LENGTHS["系统故障。"]
    assert overheard.ended_by == "bot"


async def test_a_front_door_that_dies_in_mid_call_is_apologised_for(english: VoskRecogniser, tmp_path: Path) -> None:
    async with FrontDoorPeer(answer("您好。")) as peer, gateway(peer, tmp_path, english) as port:
        overheard = await telephone(port, caller("english_outage"))  # the script has no second answer: 500
    assert journal(tmp_path) == [UNAVAILABLE]
    assert overheard.ended_by == "bot"


def journal(folder: Path) -> list[str]:
    lines: list[dict[str, Any]] = [json.loads(line) for line in (folder / "unrecorded.jsonl").read_text().splitlines()]
    return [line["talk_track"] for line in lines if line["version"] == 0]


async def eventually(holds: Any) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110  (what is waited for is at the other end)
            await asyncio.sleep(0.02)

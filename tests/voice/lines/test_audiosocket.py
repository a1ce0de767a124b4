"""The server against a real client over TCP, well-behaved and not."""

import asyncio
import struct
from uuid import UUID, uuid4

import numpy as np
import pytest

from tests.voice.conftest import listening
from voice import audio
from voice.errors import HungUp
from voice.lines import Key, Line, Sound
from voice.lines.audiosocket import AHEAD_MS
from voice.lines.frame import Frame, Type, read
from voice.lines.wav import WavCaller

CALL = UUID("6f1c2a4e-0f6b-4d2c-9d53-3a2b1c0d9e8f")


class Listener:
    """Answers a call by writing down what comes."""

    def __init__(self) -> None:
        self.ids: list[UUID] = []
        self.sound: list[audio.Samples] = []
        self.keys = ""
        self.heard, self.ended = asyncio.Event(), asyncio.Event()

    async def answer(self, line: Line) -> None:
        self.ids.append(line.id)
        async for event in line.events():
            if isinstance(event, Key):
                self.keys += event.key
            elif isinstance(event, Sound):
                self.sound.append(event.samples)
                self.heard.set()
        self.ended.set()


async def connected(port: int, *frames: Frame) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for frame in frames:
        writer.write(frame.encode())
    await writer.drain()
    return reader, writer


UUID_FRAME = Frame(Type.UUID, CALL.bytes)


@pytest.mark.parametrize("frame_ms", [20, 30])
async def test_sound_arrives_whole_whatever_the_length_of_its_frames(frame_ms: int) -> None:
    said = (np.arange(4800) % 251).astype(np.int16)  # 600 ms
    listener = Listener()
    async with listening(listener.answer) as port:
        caller = WavCaller(CALL, [said], frame_ms=frame_ms, waits_for_bot=False, patience_s=0.1)
        await caller.call("127.0.0.1", port)
        await asyncio.wait_for(listener.ended.wait(), 5)
    assert listener.ids == [CALL]
    assert {len(each) for each in listener.sound} == {8 * frame_ms}
    assert np.array_equal(np.concatenate(listener.sound)[: len(said)], said)


async def test_wideband_frames_are_brought_to_the_rate_of_the_line() -> None:
    listener = Listener()
    async with listening(listener.answer) as port:
        _, writer = await connected(port, UUID_FRAME, Frame(Type.SOUND_16K, bytes(640)), Frame(Type.END))
        await asyncio.wait_for(listener.ended.wait(), 5)
        writer.close()
    assert [len(each) for each in listener.sound] == [160]


async def test_keys_arrive_in_order_and_what_is_no_key_is_ignored() -> None:
    keys = [Frame(Type.DTMF, key) for key in (b"1", b"3", b"A", b"", b"9", b"#")]
    listener = Listener()
    async with listening(listener.answer) as port:
        _, writer = await connected(port, UUID_FRAME, *keys, Frame(Type.END))
        await asyncio.wait_for(listener.ended.wait(), 5)
        writer.close()
    assert listener.keys == "139#"


async def test_the_end_of_the_connection_is_the_hang_up_and_our_side_is_closed() -> None:
    listener = Listener()
    async with listening(listener.answer) as port:
        reader, writer = await connected(port, UUID_FRAME, Frame(Type.SOUND, bytes(320)))
        writer.write_eof()  # half-open: the peer sends no more but still reads
        await asyncio.wait_for(listener.ended.wait(), 5)
        assert await asyncio.wait_for(reader.read(), 5) == b""  # our side did close
        writer.close()
    assert len(listener.sound) == 1


@pytest.mark.parametrize(
    "garbage",
    [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x77" * 50, struct.pack(">BH", 0x10, 65000), b"\x01\x00\x03abc"],
)
async def test_strangers_are_shown_out_without_a_call(garbage: bytes) -> None:
    listener = Listener()
    async with listening(listener.answer) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(garbage)
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()
    assert listener.ids == []


async def test_garbage_in_the_middle_of_a_call_ends_it() -> None:
    listener = Listener()
    async with listening(listener.answer) as port:
        reader, writer = await connected(port, UUID_FRAME, Frame(Type.SOUND, bytes(320)))
        writer.write(b"\xee\xff\xff garbage")
        await asyncio.wait_for(listener.ended.wait(), 5)
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()


async def test_a_call_above_the_limit_is_refused_at_once_and_the_running_one_goes_on() -> None:
    listener = Listener()
    async with listening(listener.answer, max_calls=1) as port:
        _, first = await connected(port, UUID_FRAME, Frame(Type.SOUND, bytes(320)))
        await asyncio.wait_for(listener.heard.wait(), 5)
        second_reader, second = await connected(port, Frame(Type.UUID, uuid4().bytes))
        refusal = await asyncio.wait_for(read(second_reader), 5)
        assert refusal == Frame(Type.END)
        first.write(Frame(Type.DTMF, b"5").encode() + Frame(Type.END).encode())
        await asyncio.wait_for(listener.ended.wait(), 5)
        first.close()
        second.close()
    assert listener.ids == [CALL]
    assert listener.keys == "5"


async def test_playing_runs_at_most_two_frames_ahead_and_stops_at_once() -> None:
    """The clock of this test is the line's own: what was sent is compared with what it says was played."""
    sent_ms, played_ms = 0, 0
    done = asyncio.Event()

    async def speak(line: Line) -> None:
        nonlocal played_ms
        playing = asyncio.create_task(line.play(np.full(8000 * 5, 500, np.int16)))
        await asyncio.sleep(0.3)
        playing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await playing
        played_ms = line.played_ms
        await line.hang_up()
        done.set()

    async with listening(speak) as port:
        reader, writer = await connected(port, UUID_FRAME)
        while (frame := await read(reader)) is not None and frame.type is Type.SOUND:
            sent_ms += 20
        await asyncio.wait_for(done.wait(), 5)
        writer.close()
    assert 0 < played_ms <= sent_ms <= played_ms + AHEAD_MS + 40  # 40: a frame each for the clock's and our rounding


async def test_speaking_to_a_caller_who_is_gone_says_so() -> None:
    outcome: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def speak(line: Line) -> None:
        try:
            await line.play(np.full(8000 * 20, 500, np.int16))
            outcome.set_result("played")
        except HungUp:
            outcome.set_result("hung up")

    async with listening(speak) as port:
        _, writer = await connected(port, UUID_FRAME)
        await asyncio.sleep(0.1)
        writer.transport.abort()
        assert await asyncio.wait_for(outcome, 10) == "hung up"

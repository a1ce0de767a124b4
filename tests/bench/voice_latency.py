"""Seconds from the end of a caller's speech to the first sound of the answer, over a real AudioSocket call.

    uv run python -m tests.bench.voice_latency [auto|vosk|whisper]

Runs the gateway and, as its peer, a front door that answers at once (tests/voice/peer.py), so the figure is the
gateway's own: endpointing, hearing, speaking. Prints one JSON line last."""

import asyncio
import contextlib
import json
import statistics
import sys
import tempfile
from pathlib import Path
from uuid import uuid4

from tests.voice.conftest import caller
from tests.voice.peer import TOKEN, FrontDoorPeer, answer
from voice.config import Settings
from voice.lines.wav import WavCaller
from voice.main import serve

PORT = 18151
SAID = ["report_outage", "address", "whole_building", "just_now", "nothing_more"]
ANSWERS = [
    answer("您好，这里是供电服务热线。"),
    answer("请问停电的地址是哪里？", expects="address"),
    answer("是您一家停电，还是整栋楼都停电？"),
    answer("什么时候停的？", expects="time"),
    answer("好的，还有什么可以帮您？"),
    answer("再见。", hang_up=True),
]


async def measure(recogniser: str, home: Path) -> dict[str, object]:
    async with FrontDoorPeer(*ANSWERS) as peer:
        given = {
            "bot_token": TOKEN,
            "bot_url": peer.url,
            "port": PORT,
            "LAMPLIGHTER_HOME": home,
            "recogniser": recogniser,
        }
        stop = asyncio.Event()
        gateway = asyncio.create_task(serve(Settings.model_validate(given), stop=stop))
        await _listening(gateway)
        overheard = await WavCaller(uuid4(), [caller(name) for name in SAID]).call("127.0.0.1", PORT)
        stop.set()
        await gateway
    seconds = [each for each in overheard.answered_after if each is not None]
    return {
        "bench": "voice_latency",
        "recogniser": recogniser,
        "heard": [turn["text"] for turn in peer.turns],
        "seconds": seconds,
        "median_s": round(statistics.median(seconds), 2),
        "worst_s": max(seconds),
    }


async def _listening(gateway: "asyncio.Task[None]") -> None:
    async with asyncio.timeout(60):
        while not gateway.done():
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", PORT)
                writer.close()
                return
            await asyncio.sleep(0.1)
    await gateway


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        measured = asyncio.run(measure(sys.argv[1] if len(sys.argv) > 1 else "auto", Path(folder)))
    print(json.dumps(measured, ensure_ascii=False))

"""The process itself, started as `make run` starts it."""

import asyncio
import os
import socket
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from tests.voice.peer import TOKEN, FrontDoorPeer, answer
from voice.lines.wav import WavCaller

ROOT = Path(__file__).parents[2]
DOMAIN = "responses:\n  utter_phone_unavailable:\n  - text: 系统故障。\n  utter_phone_keys_only:\n  - text: 请按键。\n"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def start(home: Path, **settings: str) -> asyncio.subprocess.Process:
    (home / "domain.yml").write_text(DOMAIN, encoding="utf-8")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("VOICE_")}
    own = {"LAMPLIGHTER_HOME": str(home), "VOICE_DOMAIN": str(home / "domain.yml"), "VOICE_RECOGNISER": "none"}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "voice.main", cwd=ROOT, env=inherited | own | settings, stderr=asyncio.subprocess.PIPE
    )


async def until_it_says(process: asyncio.subprocess.Process, words: str) -> None:
    assert process.stderr is not None
    async with asyncio.timeout(30):
        while words not in (line := (await process.stderr.readline()).decode()):
            assert line, f"ended before it said {words}"


async def test_the_process_answers_a_call_and_stops_when_told(tmp_path: Path) -> None:
    port = free_port()
    async with FrontDoorPeer(answer("您好。"), answer("再见。", hang_up=True)) as peer:
        process = await start(tmp_path, VOICE_PORT=str(port), VOICE_BOT_TOKEN=TOKEN, VOICE_BOT_URL=peer.url)
        await until_it_says(process, "voice.listening")
        overheard = await WavCaller(uuid4(), ["1#"]).call("127.0.0.1", port)
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 15) == 0
    assert [turn["text"] for turn in peer.turns] == ["1"]
    assert overheard.ended_by == "bot"
    assert sum(len(sound) for _, sound in overheard.sound) > 8000  # real espeak-ng said more than a second


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "VOICE_BOT_TOKEN"),
        ({"VOICE_BOT_TOKEN": "t", "VOICE_RECOGNISER": "vosk", "VOICE_VOSK_MODEL": "/nowhere"}, "make model"),
        ({"VOICE_BOT_TOKEN": "t", "VOICE_RECOGNISER": "psychic"}, "VOICE_RECOGNISER"),
        ({"VOICE_BOT_TOKEN": "t", "VOICE_DOMAIN": "/nowhere.yml"}, "VOICE_DOMAIN"),
    ],
)
async def test_a_start_that_cannot_work_ends_in_words(tmp_path: Path, settings: dict[str, str], words: str) -> None:
    process = await start(tmp_path, **settings)
    _, said = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 1
    assert words in said.decode()
    assert "Traceback" not in said.decode()


async def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        process = await start(tmp_path, VOICE_BOT_TOKEN="t", VOICE_PORT=port)
        _, said = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 1
    assert port in said.decode()
    assert "address already in use" in said.decode()

"""SIGKILL of a real front-door process in the middle of a turn: nothing is lost, nothing happens twice."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from bot.config import ROOT
from tests.bot.conftest import DATA_KEY, OWN_WORDS, Trail
from tests.bot.engine_double import TOKEN, EngineDouble
from tests.bot.gate import Door
from tests.bot.serving import free_port, serving


@pytest.fixture
def desk(ticketing: FastAPI) -> Iterator[tuple[Door, str]]:
    """Ticketing over real HTTP."""
    door = Door(ticketing)
    with serving(door, lifespan="off") as url:
        yield door, url


@contextmanager
def front_door(
    home: Path, domain: Path, engine_url: str, ticketing_url: str, port: int
) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {
        "LAMPLIGHTER_HOME": str(home),
        "LAMPLIGHTER_DEMO": "true",
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "BOT_DOMAIN": str(domain),
        "BOT_ENGINE_URL": engine_url,
        "BOT_TICKETING_URL": ticketing_url,
        "BOT_ENGINE_TOKEN": TOKEN,
        "BOT_TICKETING_TOKEN": "bot-token",
        "BOT_VOICE_TOKEN": "voice-token",
        "BOT_OUTGOING_TOKEN": "outgoing-token",
        "BOT_VISITOR_KEY": "visitor-key",
        "BOT_DATA_KEY": DATA_KEY,
    }
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "bot.main:app",
        "--factory",
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_until_up(port, process)
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until_up(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 90
    while True:
        try:
            httpx.get(f"http://127.0.0.1:{port}/page/icon.svg", timeout=2, trust_env=False)
            return
        except httpx.TransportError:
            assert process.poll() is None, "the front door ended"
            assert time.monotonic() < end
            time.sleep(0.05)


def send(port: int, id: str, answers: list[httpx.Response]) -> None:
    url = f"http://127.0.0.1:{port}/channels/web/conversations/c-1/messages"
    try:
        answers.append(httpx.post(url, json={"text": f"我家停电了{id}", "id": id}, timeout=20, trust_env=False))
    except httpx.TransportError:
        return  # the process was killed under the request


def wait_for(condition: object) -> None:
    end = time.monotonic() + 60
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


async def test_a_turn_that_was_killed_while_rasa_thought_is_finished_after_the_restart(  # noqa: PLR0917
    desk: tuple[Door, str],
    engine: EngineDouble,
    engine_url: str,
    trail: Trail,
    tmp_path: Path,
    domain: Path,
) -> None:
    _, ticketing_url = desk
    port = free_port()
    first: list[httpx.Response] = []
    with front_door(tmp_path, domain, engine_url, ticketing_url, port) as process:
        send(port, "m-1", first)
        assert first[0].status_code == 200
        engine.delay_s = 5.0
        request = threading.Thread(target=send, args=(port, "m-2", first))
        request.start()
        wait_for(lambda: len(engine.asked) == 2)
        process.send_signal(signal.SIGKILL)
        request.join()
    assert len(first) == 1, "the customer got no answer before the kill"

    engine.delay_s = 0.0
    with front_door(tmp_path, domain, engine_url, ticketing_url, port):
        wait_for(lambda: len(engine.asked) == 3)  # finished by itself, nobody asked again
        again: list[httpx.Response] = []
        send(port, "m-1", again)
        send(port, "m-2", again)
        send(port, "m-2", again)
    assert again[0].json() == first[0].json()
    assert again[1].json() == again[2].json()
    assert [reply["talk_track"] for reply in again[1].json()["replies"]] == ["utter_echo"]
    assert len(engine.asked) == 3
    said = await trail.said("c-1")
    assert [speaker for speaker, _ in said] == ["customer", "bot", "customer", "bot"]
    assert said[2] == ("customer", "我家停电了m-2")


async def test_what_was_said_while_ticketing_was_down_survives_a_kill(
    desk: tuple[Door, str], engine_url: str, trail: Trail, tmp_path: Path, domain: Path
) -> None:
    door, ticketing_url = desk
    port = free_port()
    answers: list[httpx.Response] = []
    with front_door(tmp_path, domain, engine_url, ticketing_url, port) as process:
        door.is_down = True
        send(port, "m-1", answers)
        process.send_signal(signal.SIGKILL)
    assert answers[0].json()["replies"][0]["version"] == 0
    door.is_down = False
    with front_door(tmp_path, domain, engine_url, ticketing_url, port):
        wait_for(lambda: trail.handoffs("c-1") == ["backend_down"])
    said = await trail.said("c-1")
    assert said == [
        ("customer", "我家停电了m-1"),
        ("bot", "您说的是：我家停电了m-1。对吗？"),
        ("bot", OWN_WORDS["utter_ticketing_down"]),
    ]


def test_a_missing_secret_stops_the_start_in_words(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "LAMPLIGHTER_HOME": str(tmp_path)}
    command = [sys.executable, "-c", "from bot.config import read_settings; read_settings()"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 1
    assert "BOT_TICKETING_TOKEN" in ended.stderr
    assert "Traceback" not in ended.stderr

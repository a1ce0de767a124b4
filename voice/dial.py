"""`make call WAV=…`: telephones the running system with recordings, prints JSON last: what was heard, said and
done, and how quickly.

The call is announced as a dialplan would, and read back from ticketing, as people do in the demo."""

import argparse
import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import numpy as np

from voice.activity import SpeechDetector
from voice.audio import Samples, duration_ms, read_wav, silence, write_wav
from voice.errors import VoiceError
from voice.lines.wav import Overheard, WavCaller

AROUND_MS = 200  # silence kept at both ends of an utterance


def main(arguments: list[str]) -> int:
    wanted = _arguments().parse_args(arguments)
    try:
        report = asyncio.run(dial(wanted))
    except FileNotFoundError as error:
        print(f"There is no file {error.filename}.", file=sys.stderr)
        return 1
    except VoiceError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(
            f"Nobody answers at {wanted.host}:{wanted.port} ({error}). Is Lamplighter running (make run)?",
            file=sys.stderr,
        )
        return 1
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 0


async def dial(wanted: argparse.Namespace) -> dict[str, Any]:
    """Raises `WrongWav`, `FileNotFoundError`, `OSError` when nobody listens."""
    recordings = [read_wav(path) for path in wanted.wav]
    said = [each for recording in recordings for each in utterances(recording, gap_ms=wanted.gap_ms)]
    if wanted.keys:
        said += wanted.keys.split(",")
    call, secrets = uuid4(), _secrets(wanted.home)
    await _announce(f"{wanted.bot_url}/channels/phone/calls/{call}", wanted, secrets.get("BOT_DIALPLAN_TOKEN"))
    caller = WavCaller(call, said, waits_for_bot=wanted.pause_while_bot_speaks)
    overheard = await caller.call(wanted.host, wanted.port)
    write_wav(wanted.out, overheard.recording())
    read_back = await _read_back(f"call-{call}", wanted, secrets)
    return {"call": str(call), **read_back, **_noticed(overheard, len(said)), "said_wav": str(wanted.out)}


def utterances(recording: Samples, *, gap_ms: int) -> list[Samples]:
    """The sentences of a recording, apart where it is silent for `gap_ms`; each with a little silence around it."""
    steps = list(SpeechDetector().feed(np.concatenate([recording, silence(64)])))
    spoken: list[tuple[int, int]] = []
    for index, (_, is_speech) in enumerate(steps):
        if is_speech and spoken and (index - spoken[-1][1]) * duration_ms(steps[0][0]) < gap_ms:
            spoken[-1] = (spoken[-1][0], index + 1)
        elif is_speech:
            spoken.append((index, index + 1))
    around = AROUND_MS // duration_ms(steps[0][0]) if steps else 0
    return [
        np.concatenate([sound for sound, _ in steps[max(0, start - around) : end + around // 4]])
        for start, end in spoken
    ]


def _noticed(overheard: Overheard, count: int) -> dict[str, Any]:
    return {
        "utterances": count,
        "utterances_spoken": len(overheard.spoke_until),
        "seconds_to_answer": overheard.answered_after,
        "hung_up_by": overheard.ended_by,
    }


async def _announce(url: str, wanted: argparse.Namespace, token: str | None) -> None:
    if token is None:
        print("The call is not announced (no BOT_DIALPLAN_TOKEN): its caller is unknown.", file=sys.stderr)
        return
    async with httpx.AsyncClient(timeout=5, trust_env=False) as http:
        body = {"caller": wanted.caller, "called": "95598"}
        try:
            answer = await http.put(url, json=body, headers={"Authorization": f"Bearer {token}"})
            answer.raise_for_status()
        except httpx.HTTPError as error:  # a dialplan goes on too
            print(f"The call could not be announced: {error}", file=sys.stderr)


async def _read_back(conversation: str, wanted: argparse.Namespace, secrets: dict[str, str]) -> dict[str, Any]:
    token = secrets.get("TICKETING_DEMO_TOKEN")
    if token is None:
        return {"problem": f"No demo token in {wanted.home}: what was heard and done cannot be read."}
    headers = {"Authorization": f"Bearer {token}"}
    try:
        async with httpx.AsyncClient(
            base_url=wanted.ticketing_url, headers=headers, timeout=10, trust_env=False
        ) as http:
            record = (await http.get(f"/api/conversations/{conversation}")).raise_for_status().json()
            orders = (
                (await http.get("/api/work-orders", params={"conversation": conversation})).raise_for_status().json()
            )
    except httpx.HTTPError as error:
        return {"problem": f"Ticketing cannot be read: {error}"}
    messages = record["messages"]
    return {
        "heard": [m["text"] for m in messages if m["speaker"] == "customer" and m["text"]],
        "said": [m["text"] for m in messages if m["speaker"] == "bot"],
        "talk_tracks": [f"{m['talk_track']}@{m['version']}" for m in messages if m["speaker"] == "bot"],
        "work_orders": [each for each in _listed(orders) if each.get("conversation", conversation) == conversation],
    }


def _listed(orders: Any) -> list[dict[str, Any]]:
    return list(orders if isinstance(orders, list) else orders.get("orders", orders.get("work_orders", [])))


def _secrets(home: Path) -> dict[str, str]:
    """What `make run` wrote for the demo; the environment wins."""
    found: dict[str, str] = {}
    file, demo = home / "secrets.env", home / "demo-token"
    if file.exists():
        for line in file.read_text().splitlines():
            name, separator, value = line.removeprefix("export ").partition("=")
            if separator:
                found[name.strip()] = value.strip().strip("'\"")
    if demo.exists():
        found["TICKETING_DEMO_TOKEN"] = demo.read_text().strip()
    return found | {
        name: os.environ[name] for name in ("BOT_DIALPLAN_TOKEN", "TICKETING_DEMO_TOKEN") if name in os.environ
    }


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m voice.dial", description=__doc__)
    parser.add_argument(
        "wav", type=Path, nargs="+", help="8 kHz mono 16-bit; sentences apart by silence answer in turn"
    )
    parser.add_argument("--caller", help="the caller's number, as the exchange would tell it")
    parser.add_argument("--keys", help="keys to press after the recordings, e.g. 13907760001#,1#")
    parser.add_argument("--out", type=Path, default=Path("said.wav"), help="where to write what the bot said")
    parser.add_argument("--gap-ms", type=int, default=1000, help="silence in a WAV that parts two sentences")
    parser.add_argument("--pause-while-bot-speaks", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("VOICE_PORT", "9092")))
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("LAMPLIGHTER_HOME", "var")))
    parser.add_argument("--bot-url", default=os.environ.get("VOICE_BOT_URL", "http://127.0.0.1:8001"))
    parser.add_argument("--ticketing-url", default=os.environ.get("BOT_TICKETING_URL", "http://127.0.0.1:8000"))
    return parser


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

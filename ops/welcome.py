"""The words that `make run` ends its start with: where things are, and three things to try."""

from pathlib import Path


def welcome(environment: dict[str, str], home: Path, *, seconds: float) -> str:
    chat = f"http://127.0.0.1:{environment['BOT_PORT']}"
    desk = f"http://127.0.0.1:{environment['TICKETING_PORT']}"
    password = environment.get("TICKETING_DEMO_DESK_PASSWORD", "")
    token = (home / "demo-token").read_text().strip()
    return f"""
Lamplighter is up after {seconds:.0f} s.

  chat page     {chat}/
  ticketing     {desk}/docs          (demo token: {token})
  console       {desk}/console       (1001 or 1002: agents, 9001: supervisor; password: {password})
  telephone     AudioSocket 127.0.0.1:{environment["VOICE_PORT"]}
  logs          {home}/logs/

Three things to try:
  1. Open {chat}/ and type 我家停电了
  2. Ask there for 查上个月电费 (customers of the demo town: data/demo/README.md)
  3. Telephone it: make call WAV=tests/fixtures/callers/outage_call.wav

Ctrl-C stops everything.
"""

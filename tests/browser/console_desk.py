"""A desk for browser tests: ticketing with the demo town, and the console's own process behind it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.bot.serving import free_port, serving
from ticketing import demo as demo_files
from ticketing import seed
from ticketing.accounts.seed import seed_accounts
from ticketing.config import Settings
from ticketing.conversations.seed import seed_desk
from ticketing.db import now, session_factory
from ticketing.main import app
from ticketing.migrate import open_engine, upgrade_to_head
from ticketing.personal import vault
from ticketing.rulebook import rules
from ticketing.talk_tracks.load import load

DATA_KEY = "bGFtcGxpZ2h0ZXIgdGVzdHMgb25seSAzMiBieXRlcyE="
PASSWORD = "口令-for-the-browser-tests"
START_S = 60
CONVERSATION = "web-7f3a91c2"


@dataclass
class DeskTown:
    """`url`: ticketing's, with the console at `/console`."""

    url: str

    def post(self, path: str, body: dict[str, Any], *, caller: str = "bot") -> dict[str, Any]:
        answer = httpx.post(
            f"{self.url}{path}", json=body, headers={"Authorization": f"Bearer {caller}-token"}, trust_env=False
        )
        assert answer.status_code < 300, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def says(self, number: int, words: str, *, conversation: str = CONVERSATION, **more: Any) -> None:
        body: dict[str, Any] = {
            "id": f"m-{number}",
            "channel": "web",
            "kind": "text",
            "text": words,
            "at": now().isoformat(),
        }
        body |= {"reply_to": f"web:{conversation}", "caller": None, "confidence": None, **more}
        self.post(f"/api/conversations/{conversation}/messages", body)

    def answers(self, number: int, track: str, *, intent: str, conversation: str = CONVERSATION, **slots: Any) -> None:
        entities = [{"entity": name, "value": value} for name, value in slots.items()]
        decision = {"intent": intent, "confidence": 0.97, "decision": "accept", "entities": entities}
        reply = {"talk_track": track, "slots": slots, "default": "好的。"}
        turn = {"turn": f"m-{number}", "epoch": 1, "channel": "web", "replies": [reply], "decision": decision}
        said = self.post(f"/api/conversations/{conversation}/replies", turn)["replies"]
        reports = [{"reply": each["id"], "state": "delivered"} for each in said]
        self.post(f"/api/conversations/{conversation}/deliveries", {"deliveries": reports})

    def delivers(self, *, conversation: str = CONVERSATION) -> None:
        """The front door says that everything has arrived."""
        headers = {"Authorization": "Bearer demo-token"}
        url = f"{self.url}/api/conversations/{conversation}"
        messages = httpx.get(url, headers=headers, trust_env=False).json()["messages"]
        said = [each["id"] for each in messages if each["speaker"] in {"agent", "system"}]
        reports = [{"reply": id, "state": "delivered"} for id in said]
        self.post(f"/api/conversations/{conversation}/deliveries", {"deliveries": reports})

    def wishes(self, summary: str, *, conversation: str = CONVERSATION, reason: str = "asked") -> None:
        wish = {"key": "w-1", "reason": reason, "skill": "general", "summary": summary}
        self.post(f"/api/conversations/{conversation}/handoff", wish)


@contextmanager
def running(home: Path) -> Iterator[DeskTown]:
    """Everything up; the console ends with the test."""
    port, console_port = free_port(), free_port()
    database = f"sqlite:///{home / 'ticketing.db'}"
    _fill(database)
    tokens = {f"{name}_token": f"{name}-token" for name in ("bot", "actions", "flows", "demo", "console")}
    settings = Settings.model_validate(
        {
            **tokens,
            "home": home,
            "demo": True,
            "database_url": database,
            "redis_url": "",
            "console_url": f"http://127.0.0.1:{console_port}",
            "front_door_url": f"http://127.0.0.1:{free_port()}",
            "front_door_token": "front-door-token",
            "data_key": DATA_KEY,
        }
    )
    console = subprocess.Popen(
        [sys.executable, "-m", "ticketing.console", "--port", str(console_port)],
        env={
            **os.environ,
            "CONSOLE_TICKETING_URL": f"http://127.0.0.1:{port}",
            "CONSOLE_TICKETING_TOKEN": "console-token",
        },
    )
    try:
        with serving(app(settings), port=port) as url:
            _wait(f"http://127.0.0.1:{console_port}/health", console)
            yield DeskTown(url)
    finally:
        console.terminate()
        console.wait(timeout=15)


def _fill(database: str) -> None:
    vault.open(DATA_KEY)
    upgrade_to_head(database)
    engine = open_engine(database)
    with session_factory(engine).begin() as session:
        seed.sow(session, demo_files.read(), rules.load(), at=now())
        seed_desk(session, at=now())
        load(session, at=now())
        seed_accounts(session, password=PASSWORD, at=now())
    engine.dispose()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        assert process.poll() is None, "the console did not start"
        try:
            if httpx.get(url, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError("the console is not up")

"""The running system as a journey sees it: where it listens, and ticketing's record of a conversation."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import yaml

PATIENCE_S = 30.0
DESK = Path(__file__).resolve().parents[2] / "data" / "demo" / "desk.yml"


@dataclass(frozen=True)
class System:
    """Addresses and token of a running Lamplighter, from the same settings as `make run`."""

    home: Path
    bot: str
    ticketing: str
    voice_port: int

    @classmethod
    def from_environment(cls) -> "System":
        def port(name: str, default: int) -> int:
            return int(os.environ.get(name, default))

        return cls(
            home=Path(os.environ.get("LAMPLIGHTER_HOME", "var")),
            bot=f"http://127.0.0.1:{port('BOT_PORT', 8001)}",
            ticketing=f"http://127.0.0.1:{port('TICKETING_PORT', 8000)}",
            voice_port=port("VOICE_PORT", 9092),
        )

    def missing(self) -> str:
        """What keeps the system from being played against, in words; empty: nothing."""
        if not (self.home / "demo-token").exists():
            return f"no demo token in {self.home} (LAMPLIGHTER_HOME)"
        for door in (self.bot, self.ticketing):
            try:
                answer = httpx.get(f"{door}/health", timeout=5)
            except httpx.HTTPError as error:
                return f"{door} cannot be reached ({type(error).__name__})"
            if answer.status_code != 200:
                return f"{door}/health says {answer.text}"
        return ""

    @cached_property
    def desk(self) -> httpx.Client:
        """Ticketing, with the demo token."""
        token = (self.home / "demo-token").read_text().strip()
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(base_url=self.ticketing, headers=headers, timeout=PATIENCE_S)

    def work_orders(self, conversation: str) -> list[dict[str, Any]]:
        answer = self.desk.get("/api/work-orders", params={"conversation": conversation})
        answer.raise_for_status()
        orders: list[dict[str, Any]] = answer.json()
        return orders

    def conversation(self, conversation: str) -> dict[str, Any]:
        answer = self.desk.get(f"/api/conversations/{conversation}")
        answer.raise_for_status()
        record: dict[str, Any] = answer.json()
        return record

    def put_agents_on_duty(self, on: bool) -> None:
        """The people of the demo town's desk begin or end their duty."""
        for person in yaml.safe_load(DESK.read_text(encoding="utf-8")):
            self.desk.post("/api/desk/duty", json={**person, "on": on}).raise_for_status()

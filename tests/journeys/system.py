"""The running system as a journey sees it: where it listens, and ticketing's record of a conversation."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

PATIENCE_S = 30.0


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
        for agent, skills in (("demo-01", ["general", "billing"]), ("demo-02", ["general", "outage", "complaint"])):
            body = {"agent": agent, "skills": skills, "on": on}
            self.desk.post("/api/desk/duty", json=body).raise_for_status()

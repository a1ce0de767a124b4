"""Rasa's peer in tests: a small HTTP server, strict about `engine_turn.json`, that can be slow, silent or broken."""

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

TOKEN = "engine-token"
WIRE = json.loads((Path(__file__).parents[1] / "contracts" / "engine_turn.json").read_text("utf-8"))
YES_NO = [{"title": "是的", "payload": "是的"}, {"title": "不是", "payload": "不是"}]


@dataclass
class EngineDouble:
    """Echoes each message as a reply. Set the knobs, read what was asked."""

    asked: list[dict[str, Any]] = field(default_factory=list)
    delay_s: float = 0.0
    status: int = 200
    is_silent: bool = False
    intent: str = "report_outage"
    hang_up: bool = False

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/")
        async def root() -> str:
            return "Hello from Rasa: 3.6.21"

        @app.post(WIRE["request"]["path"])
        async def turn(request: Request) -> JSONResponse:
            if request.headers.get("authorization") != f"Bearer {TOKEN}":
                return JSONResponse({"error": "Unauthorized"}, 401)
            body = await request.json()
            if problem := self._problem(body):
                return JSONResponse({"error": "BadTurn", "detail": problem}, 400)
            self.asked.append(body)
            await asyncio.sleep(self.delay_s)
            if self.status != 200:
                return JSONResponse({"error": "EngineNotReady"}, self.status)
            return JSONResponse(self._answer(body))

        return app

    def _problem(self, body: dict[str, Any]) -> str | None:
        example = WIRE["request"]["json"]
        if set(body) != set(example) or set(body["metadata"]) != set(example["metadata"]):
            return f"fields {sorted(body)} {sorted(body['metadata'])}"
        kind = body["metadata"]["kind"]
        if kind not in {"text", "keys", "speech", "silence", "ring"}:
            return f"kind {kind}"
        if kind not in {"silence", "ring"} and not body["text"].strip():
            return "text is empty"
        return "text too long" if len(body["text"]) > 2000 else None

    def _answer(self, body: dict[str, Any]) -> dict[str, Any]:
        echo = {
            "talk_track": "utter_echo",
            "slots": {"words": body["text"]},
            "default": "您说的是：{words}。对吗？",
            "buttons": YES_NO,
        }
        return {
            "replies": [] if self.is_silent else [echo],
            "expects": {"kind": "yes_no", "length": None, "slot": None},
            "decision": {"intent": self.intent, "confidence": 0.97, "decision": "accept", "entities": []},
            "hang_up": self.hang_up,
        }

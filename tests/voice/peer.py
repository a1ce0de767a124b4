"""The front door as the gateway meets it: a small real HTTP server that speaks the wire of
tests/contracts/call_*.json, and refuses what the real one refuses."""

import asyncio
import json
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

CONTRACTS = Path(__file__).parents[1] / "contracts"
TOKEN = "peer-token"


class Heard(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str
    kind: str = Field(pattern="^(speech|keys|silence)$")
    text: str
    confidence: float | None = Field(ge=0, le=1)


def contract(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((CONTRACTS / f"{name}.json").read_text(encoding="utf-8"))
    return content


def answer(*texts: str, expects: str = "anything", length: int | None = None, hang_up: bool = False) -> dict[str, Any]:
    """The contract's own answer, with other words."""
    shape: dict[str, Any] = contract("call_turn")["response"]["json"]
    template = shape["replies"][0]
    shape["replies"] = [template | {"id": f"r-{text}", "text": text} for text in texts]
    return shape | {"expects": {"kind": expects, "length": length, "slot": None}, "hang_up": hang_up}


class FrontDoorPeer:
    """Answers the n-th turn with the n-th of `script` (the first is the greeting); notes what it is told."""

    def __init__(self, *script: dict[str, Any], broken: bool = False, delay_s: float = 0) -> None:
        self._script = list(script) or [answer("您好。", hang_up=True)]
        self._broken, self._delay_s = broken, delay_s
        self._answers: dict[str, dict[str, Any]] = {}
        self.turns: list[dict[str, Any]] = []
        self.deliveries: list[dict[str, Any]] = []
        self.ends: list[str] = []
        self.url = ""

    async def __aenter__(self) -> "FrontDoorPeer":
        self._server = uvicorn.Server(uvicorn.Config(self._app(), port=0, log_level="error", lifespan="off"))
        self._task = asyncio.create_task(self._server.serve())
        while not self._server.started:  # noqa: ASYNC110  (uvicorn tells only so)
            await asyncio.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.should_exit = True
        await self._task

    def _app(self) -> FastAPI:
        app = FastAPI()
        root = "/channels/phone/calls/{uuid}"

        async def admit(request: Request) -> None:
            if request.headers.get("authorization") != f"Bearer {TOKEN}":
                raise HTTPException(401)
            await asyncio.sleep(self._delay_s)
            if self._broken:
                raise HTTPException(503)

        @app.post(root + "/answer")
        async def pick_up(uuid: str, request: Request) -> dict[str, Any]:
            await admit(request)
            return self._once("ring")

        @app.post(root + "/turns")
        async def turn(uuid: str, heard: Heard, request: Request) -> dict[str, Any]:
            await admit(request)
            if heard.id not in self._answers:
                self.turns.append(heard.model_dump())
            return self._once(heard.id)

        @app.post(root + "/deliveries")
        async def deliver(uuid: str, body: dict[str, list[dict[str, Any]]], request: Request) -> dict[str, int]:
            await admit(request)
            self.deliveries += body["deliveries"]
            return {"recorded": len(body["deliveries"])}

        @app.post(root + "/end")
        async def end(uuid: str, body: dict[str, str], request: Request) -> dict[str, bool]:
            await admit(request)
            self.ends.append(body["reason"])
            return {"ended": True}

        return app

    def _once(self, id: str) -> dict[str, Any]:
        if id not in self._answers:
            self._answers[id] = self._script.pop(0)
        return self._answers[id]

"""The only door that the gateway knocks at: the front door's phone channel, typed, with time-outs and a short
patience for a restart.

A turn carries its id, so asking again never makes it happen twice."""

import asyncio
from typing import Any, Literal
from uuid import UUID

import httpx
import structlog
from pydantic import BaseModel, ValidationError

from voice.errors import FrontDoorDown
from voice.expects import Expects, Kind

log = structlog.get_logger()
RETRY_AFTER_S = (0.3, 1.0, 2.0)  # a killed front door is back within a few seconds
CLIENT_ERROR = range(400, 500)


class Reply(BaseModel):
    id: str
    text: str
    talk_track: str | None = None


class Expected(BaseModel):
    kind: Kind = Kind.ANYTHING
    length: int | None = None


class Answer(BaseModel):
    """What to say, what to listen for, and whether to hang up after it."""

    replies: list[Reply]
    expects: Expected = Expected()
    control: str = "bot"
    hang_up: bool = False

    def expected(self) -> Expects:
        return Expects(self.expects.kind, self.expects.length)


class Delivery(BaseModel):
    """What became of a reply: how much of it the caller heard when it was cut."""

    reply: str
    state: Literal["delivered", "cut", "dropped"]
    cut_at_ms: int | None = None


class FrontDoor:
    """Every method raises `FrontDoorDown` when no usable answer comes."""

    def __init__(
        self, url: str, token: str, *, timeout_s: float, retry_after_s: tuple[float, ...] = RETRY_AFTER_S
    ) -> None:
        timeout = httpx.Timeout(timeout_s, connect=2)
        self._http = httpx.AsyncClient(
            base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=timeout, trust_env=False
        )
        self._retry_after_s = retry_after_s

    async def answer(self, call: UUID) -> Answer:
        return _answer(await self._post(call, "answer", {}))

    async def turn(self, call: UUID, *, id: str, kind: str, text: str, confidence: float | None) -> Answer:
        said = {"id": id, "kind": kind, "text": text, "confidence": confidence}
        return _answer(await self._post(call, "turns", said))

    async def deliveries(self, call: UUID, deliveries: list[Delivery]) -> None:
        await self._post(
            call, "deliveries", {"deliveries": [each.model_dump(exclude_none=True) for each in deliveries]}
        )

    async def end(self, call: UUID, *, reason: Literal["caller", "bot", "error"]) -> None:
        await self._post(call, "end", {"reason": reason})

    async def close(self) -> None:
        await self._http.aclose()

    async def _post(self, call: UUID, path: str, body: dict[str, Any]) -> Any:
        for wait_s in (*self._retry_after_s, None):
            try:
                response = await self._http.post(f"/channels/phone/calls/{call}/{path}", json=body)
                if response.is_success:
                    return response.json()
                if response.status_code in CLIENT_ERROR:
                    raise FrontDoorDown(f"{path}: refused with {response.status_code}")
                problem = f"status {response.status_code}"
            except httpx.TimeoutException as error:  # it was long enough already
                if not isinstance(error, httpx.ConnectTimeout):
                    raise FrontDoorDown(f"{path}: no answer in time") from error
                problem = "no connection in time"
            except httpx.TransportError as error:
                problem = type(error).__name__
            except ValueError as error:
                raise FrontDoorDown(f"{path}: no JSON") from error
            log.warning("voice.front_door_failed", path=path, problem=problem, again=wait_s is not None)
            if wait_s is not None:
                await asyncio.sleep(wait_s)
        raise FrontDoorDown(f"{path}: {problem}")


def _answer(body: Any) -> Answer:
    try:
        return Answer.model_validate(body)
    except ValidationError as error:
        raise FrontDoorDown(f"not the answer of docs/architecture.md: {error.error_count()} fields wrong") from error

"""The only door to ticketing: typed, asynchronous, one for each person, with that person's session."""

from typing import Any
from urllib.parse import quote

import httpx
from pydantic import BaseModel, TypeAdapter

from ticketing.console import wire

TIMEOUT_S = 15.0


class Refused(Exception):
    """Ticketing says no: `name` of the refusal, its status, and what it adds."""

    def __init__(self, name: str, status: int, more: dict[str, Any]) -> None:
        super().__init__(name)
        self.name, self.status, self.more = name, status, more


class Away(Exception):
    """Ticketing cannot be reached, or is in trouble itself; the same may be asked again."""


class Desk:
    """What a person with a session reads and does. Every call raises Refused or Away."""

    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        self._http, self._token = http, token

    async def me(self) -> wire.Me:
        return await self._read(wire.Me, "me")

    async def alive(self) -> None:
        await self._send("POST", "alive", {})

    async def log_out(self) -> None:
        await self._send("POST", "logout", {})

    async def lobby(self) -> wire.Lobby:
        return await self._read(wire.Lobby, "lobby")

    async def wall(self) -> wire.Wall:
        return await self._read(wire.Wall, "wall")

    async def go_on_duty(self, on: bool) -> None:
        await self._send("POST", "on-duty", {"on": on})

    async def accept_hazard(self, order: str) -> None:
        await self._send("POST", f"hazards/{order}/accept", {})

    async def open(self, conversation: str) -> wire.Opened:
        return wire.Opened.model_validate(await self._send("POST", _at(conversation, "open"), {}))

    async def follow(self, conversation: str, *, after: int, after_delivery: int) -> wire.Page:
        return await self._read(wire.Page, _at(conversation), after=after, after_delivery=after_delivery)

    async def customer(self, conversation: str) -> wire.Customer:
        return await self._read(wire.Customer, _at(conversation, "customer"))

    async def facts(self, conversation: str) -> wire.Facts:
        return await self._read(wire.Facts, _at(conversation, "facts"))

    async def orders(self, conversation: str) -> list[wire.Order]:
        return TypeAdapter(list[wire.Order]).validate_python(await self._send("GET", _at(conversation, "orders")))

    async def keep_draft(self, conversation: str, text: str) -> None:
        await self._send("PUT", _at(conversation, "draft"), {"text": text})

    async def take(self, conversation: str) -> wire.State:
        return wire.State.model_validate(await self._send("POST", _at(conversation, "take"), {}))

    async def say(self, conversation: str, *, id: str, text: str, epoch: int) -> None:
        await self._send("POST", _at(conversation, "messages"), {"id": id, "text": text, "epoch": epoch})

    async def give_back(self, conversation: str, *, epoch: int) -> None:
        await self._send("POST", _at(conversation, "return"), {"epoch": epoch})

    async def hand_over(
        self, conversation: str, *, epoch: int, to: str | None = None, skill: str | None = None, note: str = ""
    ) -> None:
        asked = {"epoch": epoch, "to": to, "skill": skill, "note": note}
        await self._send("POST", _at(conversation, "hand-over"), asked)

    async def end(self, conversation: str, *, epoch: int, outcome: str, note: str) -> None:
        await self._send("POST", _at(conversation, "end"), {"epoch": epoch, "outcome": outcome, "note": note})

    async def unmask(self, conversation: str, field: str, *, seq: int | None = None) -> str:
        answer = await self._send("POST", _at(conversation, "unmask"), {"field": field, "seq": seq})
        return str(answer["value"])

    async def make_order(self, conversation: str, wish: dict[str, Any]) -> wire.OrderMade:
        return wire.OrderMade.model_validate(await self._send("POST", _at(conversation, "orders"), wish))

    async def _read[T: BaseModel](self, shape: type[T], path: str, **query: int) -> T:
        return shape.model_validate(await self._send("GET", path, query=query))

    async def _send(
        self, method: str, path: str, body: dict[str, Any] | None = None, query: dict[str, int] | None = None
    ) -> Any:
        return await send(self._http, self._token, method, path, body, query=query)


async def log_in(http: httpx.AsyncClient, token: str, credentials: dict[str, str]) -> tuple[str, int]:
    """A session's token and its longest life in seconds. `token`: the console's own. Raises Refused, Away."""
    answer = await send(http, token, "POST", "login", credentials)
    return str(answer["token"]), int(answer["seconds"])


async def send(
    http: httpx.AsyncClient,
    token: str,
    method: str,
    path: str,
    body: dict[str, Any] | None = None,
    *,
    query: dict[str, int] | None = None,
) -> Any:
    """One request. Raises Refused, Away."""
    if not token:
        raise Refused("SessionEnded", 401, {})  # an empty one is not even a header
    headers = {"Authorization": f"Bearer {token}"}
    try:
        answer = await http.request(method, f"/api/desk/{path}", json=body, params=query, headers=headers)
    except httpx.TransportError as error:
        raise Away(type(error).__name__) from error
    if answer.status_code >= 500:
        raise Away(f"status {answer.status_code}")
    told: Any = answer.json()
    if answer.is_error:
        raise Refused(str(told.get("error", "")), answer.status_code, told)
    return told


def _at(conversation: str, *more: str) -> str:
    return "/".join(("conversations", quote(conversation, safe=""), *more))

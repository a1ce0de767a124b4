"""The door to Rasa: one customer's message in, names of talk tracks and slots out, no words."""

from datetime import date
from typing import Any

import httpx
import structlog
from pydantic import ValidationError

from bot.message import Control, Draft, Expects, Frozen, Message

log = structlog.get_logger("bot")


class EngineDown(Exception):
    """Rasa cannot be reached, is too slow, or does not answer as agreed."""


class EngineTurn(Frozen):
    """What Rasa wants said. `decision` goes to ticketing as it is."""

    replies: tuple[Draft, ...]
    expects: Expects = Expects()
    decision: dict[str, Any] | None = None
    hang_up: bool = False


class Engine:
    """Rasa as the front door sees it. A turn changes the dialogue, so it is sent again only if it never arrived."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def ask(self, message: Message, *, control: Control, today: date) -> EngineTurn:
        """Raises EngineDown."""
        metadata = {
            "channel": message.channel,
            "kind": message.kind,
            "caller": message.caller,
            "control": control if control is Control.WAITING else Control.BOT,
            "today": today.isoformat(),
        }
        body = {
            "sender": message.conversation,
            "message_id": message.id,
            "text": message.text,
            "metadata": metadata,
        }
        try:
            response = await self._send(body)
            response.raise_for_status()
            return EngineTurn.model_validate_json(response.content)
        except (httpx.HTTPError, ValidationError) as error:
            log.warning("engine_down", error=type(error).__name__)
            raise EngineDown(type(error).__name__) from error

    async def is_up(self) -> bool:
        try:
            return (await self._client.get("/", timeout=1.0)).status_code == 200
        except httpx.HTTPError:
            return False

    async def _send(self, body: dict[str, Any]) -> httpx.Response:
        try:
            return await self._client.post("/webhooks/lamplighter/turn", json=body)
        except httpx.ConnectError:
            return await self._client.post("/webhooks/lamplighter/turn", json=body)

"""The door to ticketing: who has control, the record of each sentence, hand-offs. Typed, async, with time-outs.

Every request here is idempotent on ticketing's side (by message id, turn or key), so one that got lost on the way is
sent once more. What ticketing cannot take now (`DeskDown`) goes to the spool; what it will never take is `DeskRefused`.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog

from bot.delivery.receipts import Delivery
from bot.message import Control, Draft, Frozen, Kind, Message, Spoken
from bot.wire import Answered, BrokeOff, Unanswered, Wire

log = structlog.get_logger("bot")

LASTING = {400, 413, 422}
LASTING_NAMES = {"ConversationNotFound", "IdTaken"}
"""Errors that say the content itself is wrong; all others may pass (a wrong token is mended, a bug deployed away)."""


class DeskDown(Exception):
    """Ticketing cannot be reached (`reached` is False), or it answers that it is not itself."""

    def __init__(self, detail: str, *, reached: bool) -> None:
        super().__init__(detail)
        self.reached = reached


class DeskRefused(Exception):
    """Ticketing will not take this content, now or later."""


class StaleEpoch(Exception):
    """A person took over while the answer was made. `control` and `epoch` when ticketing names them."""

    def __init__(self, *, control: Control, epoch: int | None) -> None:
        super().__init__("stale epoch")
        self.control = control
        self.epoch = epoch


class Floor(Frozen):
    """Who has control of a conversation, and since which epoch."""

    control: Control
    epoch: int


class Recorded(Floor):
    """The words that are on record and may be said."""

    replies: tuple[Spoken, ...]


class Handoff(Frozen):
    """A wish for a person. `key` makes it happen once."""

    key: str
    reason: str
    skill: str = "general"
    summary: str
    contact_phone: str | None = None


class HandedOver(Floor):
    """A place in the queue, or a call-back order when nobody is on duty."""

    position: int | None = None
    wait_s: int | None = None
    order: dict[str, Any] | None = None

    @property
    def order_number(self) -> str | None:
        return str(self.order["number"]) if self.order else None


class Desk:
    """Ticketing as the front door sees it."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def record(self, message: Message) -> Floor:
        """Record what the customer said, which fixes its place in the conversation."""
        kind = Kind.SILENCE if message.kind is Kind.RING else message.kind
        body = {
            "id": message.id,
            "channel": message.channel,
            "kind": kind,
            "text": message.text,
            "at": message.at.isoformat(),
            "reply_to": message.reply_to,
            "caller": message.caller,
            "confidence": message.confidence,
        }
        return Floor.model_validate(await self._post(message.conversation, "messages", body))

    async def reply(
        self, message: Message, drafts: Sequence[Draft], *, epoch: int, decision: dict[str, Any] | None
    ) -> Recorded:
        """Render and record the turn's replies. Raises StaleEpoch when a person took over meanwhile."""
        body = {
            "turn": message.id,
            "epoch": epoch,
            "channel": message.channel,
            "replies": [draft.model_dump(mode="json") for draft in drafts],
            "decision": decision,
        }
        return Recorded.model_validate(await self._post(message.conversation, "replies", body))

    async def hand_off(self, conversation: str, handoff: Handoff) -> HandedOver:
        return HandedOver.model_validate(await self._post(conversation, "handoff", handoff.model_dump(mode="json")))

    async def report_outage(self, message: Message) -> dict[str, Any]:
        """Register a message as an outage report, as it is: the words are address and description in one."""
        body = {
            "key": f"{message.conversation}:{message.id}:outage",
            "conversation": message.conversation,
            "address": message.text,
            "description": message.text,
            "contact_phone": message.caller,
        }
        return self._read(await self._send("/api/outages/reports", body), "outage report")

    async def spooled(self, conversation: str, entries: Sequence[dict[str, Any]]) -> None:
        await self._post(conversation, "spooled", {"entries": list(entries)})

    async def delivered(self, conversation: str, deliveries: Sequence[Delivery]) -> None:
        rows = [delivery.model_dump(mode="json", exclude_none=True, exclude={"reason"}) for delivery in deliveries]
        await self._post(conversation, "deliveries", {"deliveries": rows})

    async def is_up(self) -> bool:
        try:
            return await self._wire.status("/health") == 200
        except Unanswered:
            return False

    async def _post(self, conversation: str, what: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._read(await self._send(f"/api/conversations/{conversation}/{what}", body), what)

    def _read(self, response: Answered, what: str) -> dict[str, Any]:
        answer = _body(response)
        if response.status < 300 and answer is not None:
            return answer
        name = str((answer or {}).get("error", ""))
        if name == "StaleEpoch" and answer is not None:
            raise StaleEpoch(control=Control(answer.get("control", Control.AGENT)), epoch=answer.get("epoch"))
        if response.status in LASTING or name in LASTING_NAMES:
            log.error("ticketing_refused", what=what, status=response.status, error=name)
            raise DeskRefused(f"{what}: {response.status} {name}")
        log.warning("ticketing_down", what=what, status=response.status, error=name)
        raise DeskDown(f"{what}: {response.status}", reached=True)

    async def _send(self, path: str, body: Mapping[str, Any]) -> Answered:
        try:
            try:
                return await self._wire.post(path, body)
            except BrokeOff:
                return await self._wire.post(path, body)
        except Unanswered as error:
            log.warning("ticketing_down", error=type(error).__name__)
            raise DeskDown(type(error).__name__, reached=False) from error


def _body(response: Answered) -> dict[str, Any] | None:
    """The answer's object; None when it is not one (a proxy's error page, a body cut off)."""
    try:
        body = json.loads(response.content)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def entry_of_customer(message: Message) -> dict[str, Any]:
    """What the customer said, as the spool keeps it."""
    return {
        "key": message.id,
        "at": message.at.isoformat(),
        "channel": message.channel,
        "speaker": "customer",
        "kind": Kind.SILENCE if message.kind is Kind.RING else message.kind,
        "text": message.text,
        "reply_to": message.reply_to,
        "caller": message.caller,
    }


def entry_of_reply(message: Message, draft: Draft, spoken: Spoken, *, at: datetime) -> dict[str, Any]:
    """A default text that was said without ticketing, as the spool keeps it."""
    return {
        "key": spoken.id,
        "at": at.isoformat(),
        "channel": message.channel,
        "speaker": "bot",
        "talk_track": draft.talk_track,
        "version": 0,
        "slots": draft.slots,
        "text": spoken.text,
        "buttons": [button.model_dump() for button in spoken.buttons],
        "turn": message.id,
    }

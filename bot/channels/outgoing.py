"""What ticketing sends to a customer outside of a turn: an agent's words, call-backs, news of an order."""

from datetime import UTC, datetime
from typing import Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from bot.access import Service
from bot.channels.phone import dropped
from bot.delivery import calls, events, inbound, receipts
from bot.delivery.events import Shown
from bot.delivery.receipts import Delivery, Fate
from bot.doors import Doors
from bot.message import Button, Control, ConversationId, Spoken

router = APIRouter()
ticketing = Service(lambda settings: settings.outgoing_token)


class Outgoing(BaseModel):
    """`id` makes it happen once. `name`: the agent's, when ticketing wants it shown."""

    id: str = Field(min_length=1, max_length=190)
    conversation: ConversationId
    reply_to: str
    epoch: int
    speaker: Literal["agent", "bot"]
    text: str
    talk_track: str | None = None
    version: int | None = None
    buttons: tuple[Button, ...] = ()
    control: Control
    name: str | None = None


@router.post("/outgoing", status_code=202, dependencies=[Depends(ticketing)])
async def send(outgoing: Outgoing, request: Request) -> dict[str, bool]:
    """Safe in the store before it is accepted; open pages get it at once, a page that comes later gets it then."""
    doors: Doors = request.app.state.doors
    at = datetime.now(UTC)
    await doors.store.write(lambda connection: _accept(connection, outgoing, doors, at))
    doors.hub.ring(outgoing.conversation, {"type": "control", "control": outgoing.control})
    if doors.wechat is not None and outgoing.reply_to.startswith("wechat:"):
        doors.wechat.gateway.ring(outgoing.conversation)
    doors.receipts.ring()
    return {"accepted": True}


def _accept(connection: Connection, outgoing: Outgoing, doors: Doors, at: datetime) -> None:
    cipher = doors.store.cipher
    inbound.control(connection, outgoing.conversation, control=outgoing.control, epoch=outgoing.epoch)
    values: dict[str, Any] = outgoing.model_dump(include={"id", "text", "talk_track", "version", "buttons", "name"})
    is_new = events.append(
        connection, outgoing.conversation, Shown(type=outgoing.speaker, at=at, **values), cipher=cipher
    )
    channel, _, address = outgoing.reply_to.partition(":")
    if is_new and channel == "phone" and _is_over(connection, address, doors):
        events.delivered(connection, outgoing.conversation, [outgoing.id], at=at)
        receipts.put(connection, outgoing.conversation, [dropped(outgoing.id, at=at)])
    if is_new and channel == "wechat":
        _to_wechat(connection, outgoing, address, doors, at)


def _to_wechat(connection: Connection, outgoing: Outgoing, openid: str, doors: Doors, at: datetime) -> None:
    """Into WeChat's outbox, in the same transaction; where WeChat is not set up, the words are reported as dropped."""
    if doors.wechat is None:
        events.delivered(connection, outgoing.conversation, [outgoing.id], at=at)
        lost = Delivery(reply=outgoing.id, state=Fate.DROPPED, at=at, reason="wechat_not_set_up")
        receipts.put(connection, outgoing.conversation, [lost])
        return
    said = Spoken.model_validate(outgoing.model_dump(include=set(Spoken.model_fields)))
    doors.wechat.gateway.enqueue(connection, outgoing.conversation, openid, said, name=outgoing.name)


def _is_over(connection: Connection, uuid: str, doors: Doors) -> bool:
    found = calls.find(connection, uuid, cipher=doors.store.cipher)
    return found is None or found[1]

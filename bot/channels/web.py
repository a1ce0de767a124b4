"""The web chat's door: messages by HTTP or WebSocket, numbered events that resume without a gap, visitor tokens."""

import asyncio
import contextlib
import json
import secrets
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from fastapi import APIRouter, BackgroundTasks, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from bot.access import SUBPROTOCOL, check_origin, check_visitor, is_demo_at_home
from bot.channels import visitor
from bot.channels.body_limit import LIMIT
from bot.delivery import events, inbound
from bot.delivery.events import Shown
from bot.delivery.hub import Listener
from bot.doors import Doors
from bot.errors import BodyTooLarge, BotError, InternalError, InvalidRequest, MessageTooLong
from bot.message import MAX_CHARACTERS, Answer, Channel, ConversationId, Kind, Message, MessageId

log = structlog.get_logger("bot")
router = APIRouter(prefix="/channels/web")

OTHER_CHANNELS = ("call-", "wx-")
"""Conversations that begin so belong to the telephone and to WeChat; the web door does not open them."""
conversation_ids = TypeAdapter(ConversationId)


class Said(BaseModel):
    """What a visitor typed. `id` makes a repeat harmless; without it each request is a new message."""

    text: str
    id: MessageId = Field(default_factory=lambda: "m-" + secrets.token_hex(12))


@router.post("/visitors")
async def begin(request: Request) -> dict[str, str]:
    """A new conversation and the token that opens it."""
    doors: Doors = request.app.state.doors
    check_origin(request)
    await _spend_address(request, doors)
    conversation = "web-" + secrets.token_hex(12)
    until = datetime.now(UTC) + timedelta(hours=doors.settings.visitor_hours)
    key = doors.settings.visitor_key.get_secret_value().encode()
    return {"conversation": conversation, "token": visitor.sign(conversation, until=until, key=key)}


@router.post("/conversations/{conversation}/messages")
async def say(conversation: ConversationId, said: Said, request: Request, after: BackgroundTasks) -> dict[str, Any]:
    doors: Doors = request.app.state.doors
    _check_ours(conversation)
    check_visitor(request, conversation)
    await _spend_address(request, doors)
    answer = await _take(doors, conversation, said)
    after.add_task(_handed_over, doors, conversation, [reply.id for reply in answer.replies])
    return answer.model_dump(mode="json", include={"replies", "control", "epoch"})


@router.get("/conversations/{conversation}/pass")
async def check(conversation: ConversationId, request: Request) -> dict[str, bool]:
    """Does the visitor's token still open this conversation? A browser cannot read why a WebSocket was refused."""
    _check_ours(conversation)
    check_visitor(request, conversation)
    return {"open": True}


@router.websocket("/conversations/{conversation}/events")
async def follow(socket: WebSocket, conversation: str, after: int = 0) -> None:
    doors: Doors = socket.app.state.doors
    try:
        _check_ours(conversation)
        check_visitor(socket, conversation)
    except BotError as refusal:
        await _refuse(socket, refusal)
        return
    await socket.accept(subprotocol=SUBPROTOCOL if SUBPROTOCOL in socket.scope["subprotocols"] else None)
    with doors.hub.listen(conversation) as listener:
        sending = asyncio.create_task(_send_events(doors, socket, conversation, listener, after))
        try:
            await _receive_messages(doors, socket, conversation, listener)
        finally:
            sending.cancel()
            with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
                await sending


async def _send_events(doors: Doors, socket: WebSocket, conversation: str, listener: Listener, after: int) -> None:
    """First who has control, then every event above `after`, then whatever comes; no event is left out or repeated."""
    cipher = doors.store.cipher
    control = await doors.store.read(lambda connection: inbound.known(connection, conversation))
    await socket.send_json({"type": "control", "control": control})
    last = after
    while True:
        missed = partial(events.since, conversation=conversation, after=last, cipher=cipher)
        new = await doors.store.read(missed)
        for shown in new:
            await socket.send_json(_wire(shown))
            last = shown.event
        if spoken := [shown.id for shown in new if shown.type != "customer"]:
            await _handed_over(doors, conversation, spoken)
        while listener.notices:
            await socket.send_json(listener.notices.popleft())
        await listener.wait()


async def _receive_messages(doors: Doors, socket: WebSocket, conversation: str, listener: Listener) -> None:
    """Each message is answered apart from its socket, so that a page that goes away loses nothing."""
    while True:
        try:
            received = await socket.receive_text()
        except (WebSocketDisconnect, KeyError):
            return
        try:
            said = _read(received)
        except BotError as refusal:
            listener.ring({"type": "error", "id": None, **refusal.body})
            continue
        try:
            await _spend_address(socket, doors)
            _check_length(said)
        except BotError as refusal:
            listener.ring({"type": "error", "id": said.id, **refusal.body})
            continue
        doors.in_background(_answer(doors, conversation, said, listener))


def _read(received: str) -> Said:
    if len(received.encode(errors="replace")) > LIMIT:
        raise BodyTooLarge(limit_kb=LIMIT // 1024)
    try:
        body = json.loads(received)
        if not isinstance(body, dict) or body.get("type") != "message":
            raise InvalidRequest(fields="type")
        return Said.model_validate(body)
    except ValidationError as error:
        raise InvalidRequest(fields="、".join(str(problem["loc"][-1]) for problem in error.errors())) from error
    except ValueError as error:
        raise InvalidRequest(fields="JSON") from error


async def _answer(doors: Doors, conversation: str, said: Said, listener: Listener) -> None:
    try:
        await _take(doors, conversation, said)
    except BotError as refusal:
        listener.ring({"type": "error", "id": said.id, **refusal.body})
    except Exception as error:
        log.exception("turn_failed", conversation=conversation, error=type(error).__name__)
        listener.ring({"type": "error", "id": said.id, **InternalError().body})


async def _take(doors: Doors, conversation: str, said: Said) -> Answer:
    _check_length(said)

    async def spend() -> None:
        await doors.rate.spend(f"conversation:{conversation}", limit=doors.settings.messages_per_minute)

    message = Message(
        conversation=conversation,
        id=said.id,
        channel=Channel.WEB,
        kind=Kind.TEXT,
        text=said.text,
        at=datetime.now(UTC),
        reply_to=f"web:{conversation}",
    )
    return await doors.turns.take(message, admit=spend)


async def _handed_over(doors: Doors, conversation: str, replies: list[str]) -> None:
    """The replies left for the visitor: their receipts go to ticketing, each once."""
    if replies:
        await doors.receipts.handed_over(conversation, replies)


def _check_length(said: Said) -> None:
    if len(said.text) > MAX_CHARACTERS:
        raise MessageTooLong(length=len(said.text), limit=MAX_CHARACTERS)


def _check_ours(conversation: str) -> None:
    try:
        conversation_ids.validate_python(conversation)
    except ValidationError as error:
        raise InvalidRequest(fields="conversation") from error
    if conversation.startswith(OTHER_CHANNELS):
        raise InvalidRequest(fields="conversation")


async def _spend_address(connection: Request | WebSocket, doors: Doors) -> None:
    """Count the visitor's address; a machine's own demo is not counted."""
    if is_demo_at_home(connection, doors.settings):
        return
    address = connection.client.host if connection.client else "unknown"
    await doors.rate.spend(f"address:{address}", limit=doors.settings.messages_per_minute_and_address)


async def _refuse(socket: WebSocket, refusal: BotError) -> None:
    """A refusal before the socket opens is a plain HTTP answer, where the server can give one."""
    if "websocket.http.response" in socket.scope.get("extensions", {}):
        await socket.send_denial_response(JSONResponse(refusal.body, status_code=refusal.status))
    else:
        await socket.close(code=1008, reason=type(refusal).__name__)


def _wire(shown: Shown) -> dict[str, Any]:
    return shown.model_dump(mode="json", exclude={"name"} if shown.name is None else None)

"""WeChat's address: verification, pushes (kept, then `success`), and what agents may ask about a conversation.

Without `BOT_WECHAT_APP_ID` none of it is there: 404.
"""

from typing import Any

import structlog
from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse, Response
from sqlalchemy import Connection

from bot.access import Service
from bot.channels.wechat import attachments, customers, outbox
from bot.channels.wechat.client import NoPicture
from bot.channels.wechat.envelope import Refused
from bot.channels.wechat.inbox import Told
from bot.channels.wechat.outbox import State
from bot.channels.wechat.wiring import Wiring
from bot.doors import Doors
from bot.errors import NotFound, PushRefused
from bot.message import ConversationId

log = structlog.get_logger("bot")
router = APIRouter(prefix="/channels/wechat")
ticketing = Service(lambda settings: settings.outgoing_token)

PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"GIF8": "image/gif", b"RIFF": "image/webp"}


def wechat(request: Request) -> Wiring:
    doors: Doors = request.app.state.doors
    if doors.wechat is None:
        raise NotFound()
    return doors.wechat


@router.get("/push")
async def verify(request: Request) -> PlainTextResponse:
    """WeChat asks whether this address is ours."""
    try:
        return PlainTextResponse(wechat(request).reader.echo(request.query_params))
    except Refused as error:
        log.warning("wechat_refused", reason=str(error))
        raise PushRefused() from None


@router.post("/push")
async def push(request: Request) -> PlainTextResponse:
    """On disk, then `success`; the answer follows by `custom/send`. What is not WeChat's is refused, without reason."""
    here = wechat(request)
    try:
        signed = here.reader.read(request.query_params, await request.body())
    except Refused as error:
        log.warning("wechat_refused", reason=str(error))
        raise PushRefused() from None
    if await here.gateway.accept(signed) is Told.REPLAYED:
        log.warning("wechat_refused", reason="replayed")
        raise PushRefused()
    return PlainTextResponse("success")


@router.get("/conversations/{conversation}/window", dependencies=[Depends(ticketing)])
async def window(conversation: ConversationId, request: Request) -> dict[str, Any]:
    """What may still be sent, until when, what waits, and what could not be delivered and why."""
    here, store = wechat(request), request.app.state.doors.store

    def look(connection: Connection) -> dict[str, Any]:
        customer = customers.find(connection, conversation, cipher=store.cipher)
        if customer is None:
            raise NotFound()
        lines = outbox.waiting(connection, conversation, cipher=store.cipher)
        return {
            "left": customer.window.left(here.clock(), here.gateway.rules),
            "until": customer.window.until(here.gateway.rules),
            "waiting": sum(line.state is not State.PARKED for line in lines),
            "parked": sum(line.state is State.PARKED for line in lines),
            "failed": [
                {"line": row.key, "reason": row.reason, "at": row.at}
                for row in outbox.undelivered(connection, conversation)
            ],
        }

    found: dict[str, Any] = await store.read(look)
    return found


@router.get("/attachments/{attachment}", dependencies=[Depends(ticketing)])
async def attachment(attachment: ConversationId, request: Request) -> Response:
    """A customer's photo, while WeChat has it."""
    here, store = wechat(request), request.app.state.doors.store
    media = await store.read(lambda connection: attachments.media(connection, attachment, cipher=store.cipher))
    if media is None:
        raise NotFound()
    try:
        picture = await here.platform.picture(media)
    except NoPicture as error:
        log.info("wechat_no_picture", error=str(error))
        raise NotFound() from None
    kind = next((kind for start, kind in PICTURES.items() if picture.startswith(start)), "application/octet-stream")
    return Response(picture, media_type=kind, headers={"cache-control": "private, no-store"})

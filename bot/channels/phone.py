"""The telephone's door: the dialplan announces a call, the voice gateway answers it, speaks its turns and ends it."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import Connection

from bot.access import Service
from bot.delivery import calls, events, receipts
from bot.delivery.calls import Line
from bot.delivery.receipts import Delivery, Fate
from bot.doors import Doors
from bot.errors import CallEnded, CallNotFound
from bot.message import Answer, Channel, Kind, Message, MessageId

router = APIRouter(prefix="/channels/phone/calls/{uuid}")

dialplan = Service(lambda settings: settings.dialplan_token)
voice = Service(lambda settings: settings.voice_token)

CallId = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", to_lower=True)
]


class Announcement(BaseModel):
    caller: Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{3,20}$")] | None = None
    called: Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{3,20}$")] | None = None


class Heard(BaseModel):
    """What the recogniser heard, or the keys that were pressed."""

    id: MessageId
    kind: Literal["speech", "keys", "silence"]
    text: str = ""
    confidence: float | None = Field(None, ge=0, le=1)


class Played(BaseModel):
    reply: str = Field(max_length=200)
    state: Fate
    at: datetime | None = None
    cut_at_ms: int | None = Field(None, ge=0)


class PlayedList(BaseModel):
    deliveries: list[Played] = Field(max_length=200)


class Ended(BaseModel):
    reason: Literal["caller", "bot", "error"]


def conversation_of(uuid: str) -> str:
    return f"call-{uuid}"


@router.put("", dependencies=[Depends(dialplan)])
async def announce(uuid: CallId, line: Announcement, request: Request) -> dict[str, bool]:
    """AudioSocket carries only the uuid; who calls comes here first."""
    doors: Doors = request.app.state.doors
    await _announce(doors, uuid, Line(**line.model_dump()))
    return {"known": True}


@router.post("/answer", dependencies=[Depends(voice)])
async def answer(uuid: CallId, request: Request) -> dict[str, Any]:
    """Pick up: the greeting. A call that nobody announced is answered too, its caller unknown."""
    doors: Doors = request.app.state.doors
    await _announce(doors, uuid, Line())
    return _wire(await _take(doors, uuid, id="ring", kind=Kind.RING, text="", confidence=None))


@router.post("/turns", dependencies=[Depends(voice)])
async def turn(uuid: CallId, heard: Heard, request: Request) -> dict[str, Any]:
    doors: Doors = request.app.state.doors
    kind = Kind(heard.kind) if heard.text.strip() else Kind.SILENCE
    return _wire(await _take(doors, uuid, id=heard.id, kind=kind, text=heard.text, confidence=heard.confidence))


@router.post("/deliveries", dependencies=[Depends(voice)])
async def deliveries(uuid: CallId, played: PlayedList, request: Request) -> dict[str, int]:
    doors: Doors = request.app.state.doors
    now = datetime.now(UTC)
    reports = [
        Delivery(reply=one.reply, state=one.state, at=one.at or now, cut_at_ms=one.cut_at_ms)
        for one in played.deliveries
    ]
    await doors.receipts.report(conversation_of(uuid), reports)
    return {"recorded": len(reports)}


@router.post("/end", dependencies=[Depends(voice)])
async def end(uuid: CallId, ended: Ended, request: Request) -> dict[str, bool]:
    """The call is over; words of an agent that were still on their way are reported as dropped."""
    doors: Doors = request.app.state.doors
    conversation, at, cipher = conversation_of(uuid), datetime.now(UTC), doors.store.cipher

    def close(connection: Connection) -> None:
        calls.end(connection, uuid, reason=ended.reason, at=at)
        lost = [shown.id for shown in events.undelivered(connection, conversation, cipher=cipher)]
        events.delivered(connection, conversation, lost, at=at)
        receipts.put(connection, conversation, [dropped(reply, at=at) for reply in lost])

    await doors.store.write(close)
    doors.receipts.ring()
    return {"ended": True}


def dropped(reply: str, *, at: datetime) -> Delivery:
    return Delivery(reply=reply, state=Fate.DROPPED, at=at, reason="call_ended")


async def _announce(doors: Doors, uuid: str, line: Line) -> None:
    at, cipher = datetime.now(UTC), doors.store.cipher
    await doors.store.write(lambda connection: calls.announce(connection, uuid, line, at=at, cipher=cipher))


async def _take(doors: Doors, uuid: str, *, id: str, kind: Kind, text: str, confidence: float | None) -> Answer:
    found = await doors.store.read(lambda connection: calls.find(connection, uuid, cipher=doors.store.cipher))
    if found is None:
        raise CallNotFound()
    line, is_over = found
    if is_over:
        raise CallEnded()
    message = Message(
        conversation=conversation_of(uuid),
        id=id,
        channel=Channel.PHONE,
        kind=kind,
        text=text,
        at=datetime.now(UTC),
        reply_to=f"phone:{uuid}",
        caller=line.caller,
        confidence=confidence,
    )
    return await doors.turns.take(message)


def _wire(answer: Answer) -> dict[str, Any]:
    return answer.model_dump(mode="json")

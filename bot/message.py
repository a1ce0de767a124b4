"""What travels through one turn: a customer's message, the drafted replies, the recorded words, the answer."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

MAX_CHARACTERS = 2000
"""Longest text a customer may send; about four screens on a telephone."""

ConversationId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,71}$")]
MessageId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,71}$")]


class Frozen(BaseModel):
    """Data that travels; unknown fields of a newer peer are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Channel(StrEnum):
    WEB = "web"
    WECHAT = "wechat"
    PHONE = "phone"


class Kind(StrEnum):
    TEXT = "text"
    KEYS = "keys"
    SPEECH = "speech"
    SILENCE = "silence"
    RING = "ring"
    """A fresh call: the bot greets. Recorded as a silence."""


class Control(StrEnum):
    """Who has the conversation, as ticketing says."""

    BOT = "bot"
    WAITING = "waiting"
    AGENT = "agent"
    WRAP_UP = "wrap_up"
    CLOSED = "closed"


class Message(Frozen):
    """What a customer said, on any channel. `reply_to` is where words reach them later, e.g. `web:c-1`."""

    conversation: str
    id: str
    channel: Channel
    kind: Kind
    text: str
    at: datetime
    reply_to: str
    caller: str | None = None
    confidence: float | None = None
    answer_with: tuple[str, ...] | None = None
    """The door's own talk tracks that answer it instead of Rasa (a photo, a voice message); none: it is only kept."""


class Button(Frozen):
    title: str
    payload: str


class Draft(Frozen):
    """A reply before it is on record: a talk track's name, its slots and its default text, no words yet."""

    talk_track: str
    slots: dict[str, Any] = {}
    default: str
    buttons: tuple[Button, ...] = ()


class Spoken(Frozen):
    """A reply that is on record and may be said. Version 0 is the default text."""

    id: str
    talk_track: str | None
    version: int | None
    text: str
    buttons: tuple[Button, ...] = ()


class Expects(Frozen):
    """What the dialogue expects next; the recogniser's grammar and the key rules follow from it."""

    kind: str = "anything"
    length: int | None = None
    slot: str | None = None


class Answer(Frozen):
    """The answer to one message, the same each time that message is sent again."""

    replies: tuple[Spoken, ...]
    control: Control
    epoch: int
    expects: Expects = Expects()
    hang_up: bool = False

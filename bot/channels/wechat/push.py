"""A push of WeChat: verified, opened, read, in three modes times two formats. All else is refused."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.channels.wechat import flat_xml
from bot.channels.wechat.envelope import Envelope, Refused, is_signed
from bot.message import Frozen

FRESH = timedelta(minutes=5)
"""How far WeChat's clock and ours may be apart. A push that is sent again has a new timestamp."""
OPENID = re.compile(r"[A-Za-z0-9_-]{6,64}")
DIGITS = re.compile(r"[0-9]{1,20}")
LONGEST_TEXT = 16_000
"""Characters; WeChat itself sends at most some 2,000. What is longer than a turn takes is answered by the turn."""
LONGEST_FIELD = 1024


class Mode(StrEnum):
    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


class PushKind(StrEnum):
    TEXT = "text"
    IMAGE = "image"
    EVENT = "event"
    OTHER = "other"
    """Voice, video, a card, a place, whatever comes next: `what` has WeChat's name of it."""


class Push(Frozen):
    """What WeChat told us. `key` is the same each time it tells it."""

    openid: str
    key: str
    kind: PushKind
    what: str
    created_at: datetime
    text: str = ""
    media: str = ""
    event: str = ""


@dataclass(frozen=True)
class Signed:
    """A push and the signature it came under, which is good for one push only."""

    stamp: str
    push: Push


class Reader:
    """Verifies and reads for one application. `envelope` may only be missing in plain mode."""

    def __init__(self, *, token: str, mode: Mode, envelope: Envelope | None, clock: Callable[[], datetime]) -> None:
        if envelope is None and mode is not Mode.PLAIN:
            raise ValueError("this mode needs the EncodingAESKey")
        self._token, self._mode, self._envelope, self._clock = token, mode, envelope, clock

    def echo(self, query: Mapping[str, str]) -> str:
        """What the verification of our address is to be answered with. Raises Refused."""
        self._check(query, "signature")
        return query.get("echostr", "")

    def read(self, query: Mapping[str, str], body: bytes) -> Signed:
        """Raises Refused. In compatible mode the sealed text counts: the open one beside it is signed by nobody."""
        if self._envelope is None or self._mode is Mode.PLAIN:
            self._check(query, "signature")
            return Signed(query["signature"], _push(_fields(body)))
        sealed = _text(_fields(body), "Encrypt", most=flat_xml.MOST_BYTES)
        if not sealed:
            raise Refused("not sealed")
        self._check(query, "msg_signature", sealed)
        return Signed(query["msg_signature"], _push(_fields(self._envelope.open(sealed))))

    def _check(self, query: Mapping[str, str], name: str, *sealed: str) -> None:
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not is_signed(query.get(name, ""), self._token, timestamp, nonce, *sealed):
            raise Refused("wrong signature")
        if not DIGITS.fullmatch(timestamp) or abs(self._clock().timestamp() - int(timestamp)) > FRESH.total_seconds():
            raise Refused("stale")


def _fields(body: bytes) -> dict[str, Any]:
    if body.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
        return flat_xml.read(body)
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused("neither JSON nor XML") from error
    if not isinstance(fields, dict):
        raise Refused("not an object")
    return fields


def _push(fields: dict[str, Any]) -> Push:
    openid, what = _text(fields, "FromUserName"), _text(fields, "MsgType")
    if not OPENID.fullmatch(openid) or not what:
        raise Refused("nobody's message")
    known = {kind.value for kind in (PushKind.TEXT, PushKind.IMAGE, PushKind.EVENT)}
    created = _text(fields, "CreateTime")
    return Push(
        openid=openid,
        key=_key(fields, openid, created, what),
        kind=PushKind(what) if what in known else PushKind.OTHER,
        what=what,
        created_at=_moment(created),
        text=_text(fields, "Content", most=LONGEST_TEXT),
        media=_text(fields, "MediaId"),
        event=_text(fields, "Event"),
    )


def _key(fields: dict[str, Any], openid: str, created: str, what: str) -> str:
    """By MsgId, a 64-bit number kept as text; events have none and go by who, when and what."""
    number = _text(fields, "MsgId")
    if DIGITS.fullmatch(number) and number.strip("0"):
        return f"m-{number}"
    named = "\n".join((openid, created, what, _text(fields, "Event"), number))
    return f"e-{hashlib.sha256(named.encode()).hexdigest()[:32]}"


def _moment(created: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(created), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Refused("no time") from error


def _text(fields: dict[str, Any], name: str, *, most: int = LONGEST_FIELD) -> str:
    """A field as text; numbers are written out, what is missing is empty. Raises Refused."""
    value = fields.get(name, "")
    if isinstance(value, dict) and not value:  # an empty element
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Refused(f"{name} is no text")
    text = str(value)
    if len(text) > most or "\x00" in text:
        raise Refused(f"{name} is too long")
    try:
        text.encode()
    except UnicodeEncodeError as error:  # half a surrogate pair, by a JSON escape
        raise Refused(f"{name} is no text") from error
    return text

"""What WeChat's servers know: customers, what was sent to them, what they may still be sent, and the faults to come."""

import itertools
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.wechat.tokens import Tokens

WINDOW = timedelta(hours=48)
ENTRY = timedelta(minutes=1)
TYPING = timedelta(seconds=15)
MEDIA = timedelta(days=3)
MOST_BYTES = 2048
THING = 20


@dataclass(frozen=True)
class Received:
    text: str
    at: datetime


@dataclass
class Person:
    """A customer at the phone. `consents`: subscribe messages allowed, by template, one for each consent."""

    openid: str
    spoke_at: datetime | None = None
    sent: int = 0
    entered_at: datetime | None = None
    sent_entering: int = 0
    typing_until: datetime | None = None
    received: list[Received] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    consents: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.received]


@dataclass(frozen=True)
class Fault:
    """One thing going wrong: an errcode instead of an answer, a status, or an answer that comes after `slow_s`, the
    work done."""

    errcode: int | None = None
    status: int | None = None
    slow_s: float = 0.0


@dataclass
class World:
    clock: Callable[[], datetime]
    app_id: str = "wx0123456789abcdef"
    secret: str = "app-secret"
    quota: int = 5
    quota_on_entering: int = 2
    people: dict[str, Person] = field(default_factory=dict)
    pictures: dict[str, tuple[bytes, datetime]] = field(default_factory=dict)
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tokens = Tokens(self.clock)
        self._numbers = itertools.count(24_000_000_000_000_001)

    def person(self, openid: str) -> Person:
        return self.people.setdefault(openid, Person(openid))

    # what customers do

    def says(self, openid: str, text: str) -> dict[str, Any]:
        """A customer's text: the window opens, and the push is to be told."""
        return self._message(openid, "text", Content=text)

    def shows(self, openid: str, picture: bytes = b"\xff\xd8\xff picture") -> dict[str, Any]:
        number = next(self._numbers)
        media = f"media-{number}"
        self.pictures[media] = (picture, self.clock() + MEDIA)
        return self._message(openid, "image", PicUrl=f"http://mmbiz.example/{number}", MediaId=media)

    def sends(self, openid: str, kind: str, **fields: Any) -> dict[str, Any]:
        return self._message(openid, kind, **fields)

    def enters(self, openid: str) -> dict[str, Any]:
        who = self.person(openid)
        who.entered_at, who.sent_entering = self.clock(), 0
        return {**self._head(openid, "event"), "Event": "user_enter_tempsession", "SessionFrom": "chat"}

    def _message(self, openid: str, kind: str, **fields: Any) -> dict[str, Any]:
        who = self.person(openid)
        who.spoke_at, who.sent = self.clock(), 0
        return {**self._head(openid, kind), **fields, "MsgId": next(self._numbers)}

    def _head(self, openid: str, kind: str) -> dict[str, Any]:
        created = int(self.clock().timestamp())
        return {"ToUserName": "gh_97417a04a28d", "FromUserName": openid, "CreateTime": created, "MsgType": kind}

    # what we ask

    def text_to(self, openid: str, text: str) -> int:
        """The errcode of one more message to this customer; 0: it was shown."""
        if openid not in self.people:
            return 40003
        if not text:
            return 44004
        if len(text.encode()) > MOST_BYTES:
            return 45002
        who, at = self.people[openid], self.clock()
        if refusal := self._spend(who, at):
            return refusal
        who.typing_until = None
        who.received.append(Received(text, at))
        return 0

    def types_to(self, openid: str, command: str) -> int:
        if command not in {"Typing", "CancelTyping"}:
            return 45072
        who, at = self.person(openid), self.clock()
        if who.spoke_at is None or at - who.spoke_at >= timedelta(seconds=30):
            return 45080
        if command == "Typing" and who.typing_until is not None and at < who.typing_until:
            return 45081
        who.typing_until = at + TYPING if command == "Typing" else None
        return 0

    def notice_to(self, openid: str, template: str, data: dict[str, Any]) -> int:
        for name, value in data.items():
            words = value.get("value") if isinstance(value, dict) else None
            if not isinstance(words, str) or not words or (name.startswith("thing") and len(words) > THING):
                return 47003
        who = self.person(openid)
        if who.consents[template] < 1:
            return 43101
        who.consents[template] -= 1
        who.notices.append(data)
        return 0

    def picture(self, media: str) -> bytes | None:
        found = self.pictures.get(media)
        return found[0] if found and self.clock() < found[1] else None

    def _spend(self, who: Person, at: datetime) -> int | None:
        is_entering = who.entered_at is not None and at - who.entered_at < ENTRY
        is_open = who.spoke_at is not None and at - who.spoke_at < WINDOW
        if is_entering and who.sent_entering < self.quota_on_entering:
            who.sent_entering += 1
        elif is_open and who.sent < self.quota:
            who.sent += 1
        else:
            return 45047 if is_open or is_entering else 45015
        return None

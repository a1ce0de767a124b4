"""When more people write than Rasa can answer: danger goes first, reports of outages are registered without Rasa, the
rest hear how long it takes. Nobody is left without an answer.

Rasa answers a few dozen turns a second; what waits behind it only gets later. So only so many turns are let in at once.
Who comes then is read here, with the few patterns of `storm.yml`: an outage report goes straight to ticketing, which
takes hundreds a second and tells the known outage; what is said is on record through the spool, in default words.
"""

import re
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import structlog
import yaml

from bot import words
from bot.desk import DeskDown, DeskRefused
from bot.message import Control, Draft, Kind, Message

log = structlog.get_logger("bot")

FILE = Path(__file__).with_name("storm.yml")
SHANGHAI = ZoneInfo("Asia/Shanghai")
REMEMBERED_S = 60.0
"""The pace of the last minute tells how long the others will wait."""
LONGEST_MIN = 60
WAIT = "utter_storm_wait"


class Meaning(StrEnum):
    HAZARD = "hazard"
    OUTAGE = "outage"
    OTHER = "other"


@dataclass(frozen=True)
class Book:
    """`storm.yml`, read once."""

    hazard: re.Pattern[str]
    outage: re.Pattern[str]
    drafts: dict[str, Draft]

    def meaning(self, text: str) -> Meaning:
        if self.hazard.search(text):
            return Meaning.HAZARD
        return Meaning.OUTAGE if self.outage.search(text) else Meaning.OTHER


def read(file: Path = FILE) -> Book:
    content: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    drafts = {name: Draft(talk_track=name, default=text) for name, text in content["words"].items()}
    return Book(re.compile("|".join(content["hazard"])), re.compile("|".join(content["outage"])), drafts)


class Reports(Protocol):
    async def report_outage(self, message: Message) -> dict[str, Any]:
        """Register what the message says; what is known. Raises DeskDown, DeskRefused."""


@dataclass(frozen=True)
class Relief:
    """What is said instead of Rasa's answer. `registered`: ticketing has the report; False: it could not take it."""

    drafts: tuple[Draft, ...]
    registered: bool | None = None


class StormDesk:
    """Counts the turns under way and decides who is let in."""

    def __init__(self, reports: Reports, *, own_words: dict[str, Draft], limit: int) -> None:
        self._reports, self._words, self._limit = reports, own_words, limit
        self._book = read()
        self._under_way = 0
        self._finished: deque[float] = deque()
        self._relieved: deque[float] = deque()

    @contextmanager
    def inside(self) -> Iterator[None]:
        """A turn that goes the usual way, from the record to the answer."""
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            self._finished.append(time.monotonic())

    def relieves(self, message: Message, control: Control) -> bool:
        """Whether this message is answered here. Danger never is, nor who talks with a person, nor a call."""
        busy = self._under_way >= self._limit
        if not busy or message.kind is not Kind.TEXT or control is not Control.BOT:
            return False
        return self._book.meaning(message.text) is not Meaning.HAZARD

    async def relieve(self, message: Message) -> Relief:
        """Register a report, or say how long it takes."""
        self._relieved.append(time.monotonic())
        if self._book.meaning(message.text) is not Meaning.OUTAGE:
            return Relief((self._wait(),))
        try:
            outcome = await self._reports.report_outage(message)
        except (DeskDown, DeskRefused) as error:
            log.warning("storm_report_spooled", conversation=message.conversation, error=type(error).__name__)
            return Relief((self._wait(),), registered=False)
        return Relief(self._told(outcome), registered=True)

    def _told(self, outcome: dict[str, Any]) -> tuple[Draft, ...]:
        outage, order = outcome.get("outage"), outcome.get("order")
        drafts = []
        if outage is not None:
            name = words.OUTAGE_KNOWN if outage["etr"] else words.OUTAGE_KNOWN_OPEN
            slots = {"area": outage["area"], "etr": moment(outage["etr"]) if outage["etr"] else None}
            drafts.append(self._words[name].model_copy(update={"slots": slots}))
        if order is not None:
            slots = {"order_number": order["number"], "tail": order["number"][-4:]}
            drafts.append(self._words[words.OUTAGE_ORDER].model_copy(update={"slots": slots}))
        return tuple(drafts)

    def _wait(self) -> Draft:
        return self._book.drafts[WAIT].model_copy(update={"slots": {"minutes": self.minutes()}})

    def minutes(self) -> int:
        """Until those who were put off could be answered, at the pace of the last minute; at least one."""
        now = time.monotonic()
        for moments in (self._finished, self._relieved):
            while moments and moments[0] < now - REMEMBERED_S:
                moments.popleft()
        return wait_minutes(waiting=len(self._relieved), finished_in_a_minute=len(self._finished))


def wait_minutes(*, waiting: int, finished_in_a_minute: int) -> int:
    return min(max(1, ceil(waiting / max(finished_in_a_minute, 1))), LONGEST_MIN)


def moment(iso: str) -> str:
    """`2026-11-23T11:37:06Z` → `11月23日19:37`, as the actions write it."""
    local = datetime.fromisoformat(iso).astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日{local:%H:%M}"

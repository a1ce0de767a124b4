"""Talk tracks on the wire: what is asked, and what is answered."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, Field, field_validator

from ticketing.talk_tracks import emergency
from ticketing.talk_tracks.diff import Diff
from ticketing.talk_tracks.files import NAME, Button
from ticketing.talk_tracks.lint.book import Book
from ticketing.talk_tracks.lint.finding import Channel, Finding, Level
from ticketing.talk_tracks.lint.run import lint_words
from ticketing.talk_tracks.models import Emergency, State
from ticketing.talk_tracks.people import Act
from ticketing.talk_tracks.versions import Version
from ticketing.talk_tracks.words import LANGUAGE, Words

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$", max_length=10)]
Why = Annotated[str, Field(min_length=2, max_length=500)]
SetName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Slot = Annotated[str, Field(pattern=r"^\w{1,40}$")]


class NewWords(Act):
    """A draft."""

    language: Language = LANGUAGE
    chat: Annotated[str, Field(min_length=1, max_length=1000)]
    phone: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    buttons: Annotated[tuple[Button, ...], Field(max_length=10)] = ()
    personal: Annotated[tuple[Slot, ...], Field(max_length=20)] = ()
    emergency_set: SetName | None = None

    def words(self, name: str) -> Words:
        return Words(
            name=name,
            chat=self.chat,
            phone=self.phone,
            buttons=tuple((button.title, button.payload) for button in self.buttons),
            personal=tuple(sorted(set(self.personal))),
            language=self.language,
            emergency_set=self.emergency_set,
        )


class Verdict(Act):
    """What a reviewer finds. A rejection says why."""

    accept: bool
    reason: Why | None = None

    @field_validator("reason")
    @classmethod
    def not_blank(cls, value: str | None) -> str | None:
        return value.strip() or None if value else None


class Timed(Act):
    published_from: AwareDatetime


class Reasoned(Act):
    reason: Why


class Back(Reasoned):
    language: Language = LANGUAGE


class Typed(BaseModel):
    """A text to be checked. With `name` it is checked as the words of that talk track."""

    text: Annotated[str, Field(min_length=1, max_length=2000)]
    channel: Channel = Channel.CHAT
    name: Annotated[str, Field(pattern=NAME)] | None = None
    language: Language = LANGUAGE
    personal: Annotated[list[Slot], Field(max_length=20)] = []


class NewEmergency(Act):
    """Times carry their zone. `area`: as places are written (右江区), so that it is found in them."""

    emergency_set: SetName
    area: Annotated[
        str, Field(min_length=2, max_length=80, pattern=r"^[\u4e00-\u9fff]+(市|区|县|旗|镇|乡|街道|村|社区)$")
    ]
    restoration: AwareDatetime
    until: AwareDatetime


class FindingView(BaseModel):
    rule: str
    level: Level
    start: int
    end: int
    text: str
    why: str
    mend: str
    part: str

    @classmethod
    def of(cls, finding: Finding) -> "FindingView":
        return cls(**vars(finding))


class LintView(BaseModel):
    """`edition`: the rules that were used; the same ones find the same."""

    findings: list[FindingView]
    errors: int
    edition: str


class VersionView(BaseModel):
    name: str
    language: str
    version: int
    state: State
    chat: str
    phone: str | None
    buttons: list[dict[str, str]]
    personal: list[str]
    emergency_set: str | None
    author: str
    reviewer: str | None
    publisher: str | None
    drafted_at: datetime | None
    reviewed_at: datetime | None
    publish_from: datetime | None
    published_at: datetime | None
    retired_at: datetime | None
    reason: str | None
    findings: list[FindingView]

    @classmethod
    def of(cls, version: Version, book: Book, *, on: date) -> "VersionView":
        chat, words = version.chat, version.words
        derived = {"chat", "phone", "findings"}
        facts: dict[str, Any] = {field: getattr(chat, field) for field in cls.model_fields if field not in derived}
        findings = [FindingView.of(each) for each in lint_words(words, book, on)]
        return cls(**facts, chat=words.chat, phone=words.phone, findings=findings)


class Line(BaseModel):
    """A name in one language, in a list."""

    name: str
    language: str
    in_force: int | None
    chat: str
    newest: int
    newest_state: State
    is_said: bool
    """Some part of the system says it."""


class PieceView(BaseModel):
    op: str
    before: str
    after: str


class DiffView(BaseModel):
    part: str
    marked: str
    pieces: list[PieceView]

    @classmethod
    def of(cls, diff: Diff) -> "DiffView":
        return cls(part=diff.part, marked=diff.marked, pieces=[PieceView(**vars(piece)) for piece in diff.pieces])


class EmergencyView(BaseModel):
    id: int
    emergency_set: str
    area: str
    state: str
    restoration: datetime
    until: datetime
    ends: datetime
    asked_by: str
    asked_at: datetime
    on_by: str | None
    on_at: datetime | None
    off_by: str | None
    off_at: datetime | None
    off_reason: str | None
    review_due: datetime | None
    reviewed_by: str | None
    reviewed_at: datetime | None
    accepted: bool | None
    remarks: str | None
    overdue: bool

    @classmethod
    def of(cls, row: Emergency, *, at: datetime) -> "EmergencyView":
        derived = {"state", "ends", "review_due", "overdue"}
        facts: dict[str, Any] = {field: getattr(row, field) for field in cls.model_fields if field not in derived}
        return cls(
            **facts,
            state=emergency.state(row, at=at),
            ends=emergency.ends(row),
            review_due=row.on_at + emergency.REVIEW_WITHIN if row.on_at else None,
            overdue=emergency.is_overdue(row, at=at),
        )

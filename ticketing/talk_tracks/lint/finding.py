"""What a check found: which rule, where, why it matters and how to mend it."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    ERROR = "error"
    """Words with it are not published."""
    WARNING = "warning"


class Channel(StrEnum):
    """How words reach the customer: read on a screen, heard, or read as a text message."""

    CHAT = "chat"
    PHONE = "phone"
    SMS = "sms"


@dataclass(frozen=True)
class Finding:
    """`text[start:end]` broke a rule. What is missing altogether is quoted as the whole text."""

    rule: str
    level: Level
    start: int
    end: int
    text: str
    why: str
    mend: str
    part: str = ""
    """Of a talk track's words: `chat`, `phone` or `buttons`."""

    @property
    def order(self) -> tuple[str, int, int, str]:
        return self.part, self.start, self.end, self.rule

    def __str__(self) -> str:
        quoted = self.text if len(self.text) <= 30 else f"{self.text[:30]}…"
        return f"{self.level} {self.rule} [{self.start}:{self.end}] “{quoted}” {self.why}；{self.mend}"

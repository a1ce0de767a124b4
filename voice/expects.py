"""What the dialogue expects next, as the front door says it with each answer; silence lengths and grammars follow
from it."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    ANYTHING = "anything"
    DIGITS = "digits"
    YES_NO = "yes_no"
    MONTH = "month"
    ADDRESS = "address"
    NAME = "name"
    TIME = "time"
    CHOICE = "choice"


@dataclass(frozen=True)
class Expects:
    """`length`: how many digits, when that is known."""

    kind: Kind = Kind.ANYTHING
    length: int | None = None

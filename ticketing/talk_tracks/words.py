"""The words of a talk track in one language, as they are written, checked, compared and published."""

from dataclasses import dataclass

LANGUAGE = "zh-CN"


@dataclass(frozen=True)
class Words:
    """`buttons`: title and payload, chat only. `personal`: slots that hold personal data.

    `emergency_set`: the words are kept ready for emergencies of that name instead of being in force.
    """

    name: str
    chat: str
    phone: str | None = None
    buttons: tuple[tuple[str, str], ...] = ()
    personal: tuple[str, ...] = ()
    language: str = LANGUAGE
    emergency_set: str | None = None

"""A published text as it is kept for saying."""

from dataclasses import dataclass

Key = tuple[str, str, str]
"""Name, variant, language."""


@dataclass(frozen=True)
class Spoken:
    """A published text of one variant."""

    text: str
    version: int
    buttons: tuple[tuple[str, str], ...]
    personal: frozenset[str]

"""From replies to messages: the parts of a turn in one, choices as numbers, at most 2,048 bytes each. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.message import Spoken

MOST_BYTES = 2048
"""`custom/send` refuses a longer text (45002)."""
ENDS = "。！？!?；;\n"
PAUSES = "，、,： "
CHOICE = re.compile(r"[（(\[]?\s*(\d{1,2})\s*[）)\]、.。,，号]?")


@dataclass(frozen=True)
class Piece:
    """One message. `replies`: the ids of the replies that end in it, so that it is known when each was delivered."""

    text: str
    replies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Forms:
    """How the door writes things down; the words stand in `words.yml`."""

    choices: str
    choice: str


def compose(replies: Sequence[Spoken], forms: Forms) -> tuple[list[Piece], list[str]]:
    """The messages of one turn, and the payloads of the choices that its numbers stand for."""
    pieces: list[Piece] = []
    payloads: list[str] = []
    for reply in replies:
        titles = [button.title for button in reply.buttons]
        text = _with_choices(reply.text, titles, first=len(payloads) + 1, forms=forms)
        payloads += [button.payload for button in reply.buttons]
        *beginning, end = split(text)
        pieces += [Piece(part) for part in beginning]
        pieces.append(Piece(end, (reply.id,)))
    return merged(pieces), payloads


def merged(pieces: Sequence[Piece]) -> list[Piece]:
    """As few messages as hold the pieces, in order: each costs one of the few that may be sent."""
    packed: list[Piece] = []
    for piece in pieces:
        if packed and len(f"{packed[-1].text}\n{piece.text}".encode()) <= MOST_BYTES:
            last = packed.pop()
            piece = Piece(f"{last.text}\n{piece.text}", last.replies + piece.replies)  # noqa: PLW2901
        packed.append(piece)
    return packed


def split(text: str) -> list[str]:
    """Parts of at most 2,048 bytes, cut after a sentence, else at a pause, else where it must be."""
    parts = []
    while len(text.encode()) > MOST_BYTES:
        room = text.encode()[:MOST_BYTES].decode(errors="ignore")  # the last character may be cut in half
        cut = _last_of(ENDS, room) or _last_of(PAUSES, room) or len(room)
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*(part for part in parts if part), text] if text or not parts else parts


def chosen(text: str, payloads: Sequence[str]) -> str | None:
    """What a customer means who answers with a number; None when it is none of the choices."""
    found = CHOICE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    number = int(found[1]) if found else 0
    return payloads[number - 1] if 1 <= number <= len(payloads) else None


def _with_choices(text: str, titles: Sequence[str], *, first: int, forms: Forms) -> str:
    if not titles:
        return text
    lines = [
        forms.choice.replace("{number}", str(number)).replace("{title}", title)
        for number, title in enumerate(titles, first)
    ]
    return f"{text}\n" + forms.choices.replace("{choices}", "\n".join(lines))


def _last_of(marks: str, text: str) -> int:
    """The place after the last of `marks`; 0: there is none, or so near the beginning that the cut would be silly."""
    place = max(text.rfind(mark) for mark in marks) + 1
    return place if place > len(text) // 3 else 0

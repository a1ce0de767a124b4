"""What changed between two versions, sign by sign. Pure."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from ticketing.talk_tracks.words import Words


@dataclass(frozen=True)
class Piece:
    """`op`: equal, delete, insert or replace."""

    op: str
    before: str
    after: str


@dataclass(frozen=True)
class Diff:
    """The parts that differ, each cut in pieces; `marked` is one line for people: `请[-您-]{+你+}稍等`."""

    part: str
    pieces: tuple[Piece, ...]

    @property
    def marked(self) -> str:
        return "".join(_marked(piece) for piece in self.pieces)


def _marked(piece: Piece) -> str:
    if piece.op == "equal":
        return piece.after
    return (f"[-{piece.before}-]" if piece.before else "") + (f"{{+{piece.after}+}}" if piece.after else "")


def compare(before: Words, after: Words) -> tuple[Diff, ...]:
    """The parts (chat, phone, buttons, personal) that are not the same."""
    parts = zip(_parts(before), _parts(after), strict=True)
    return tuple(Diff(part, pieces(old, new)) for (part, old), (_, new) in parts if old != new)


def _parts(words: Words) -> tuple[tuple[str, str], ...]:
    buttons = "\n".join(f"{title} → {payload}" for title, payload in words.buttons)
    return (
        ("chat", words.chat),
        ("phone", words.phone or ""),
        ("buttons", buttons),
        ("personal", "\n".join(sorted(words.personal))),
    )


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return tuple(Piece(op, before[a:b], after[c:d]) for op, a, b, c, d in matcher.get_opcodes())

"""The offline verifier: an export against the checkpoints. Trusts nobody, needs no database, reads the file once."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from ticketing.audit.canon import GENESIS, HEAD_BYTES
from ticketing.audit.checkpoint import MARK_BYTES, Witness

MARK = 2 * MARK_BYTES


@dataclass(frozen=True)
class Verdict:
    """`wrong` is the first record that is not as it was sealed, and `why` says so in words; None: all are.

    `records` were looked at. Those behind the witness's position are chained, and signed by nobody yet.
    """

    records: int
    wrong: int | None = None
    why: str = ""


def verify(lines: Iterable[bytes], witness: Witness) -> Verdict:
    """Look at every record in order, up to the first that is wrong."""
    position, previous = 0, GENESIS
    marks, covered = witness.marks, witness.position
    for position, raw in enumerate(lines, start=1):
        hash = sha256(raw[HEAD_BYTES:-2]).hexdigest()
        head = b'["%b",[%d,"%b",' % (hash.encode(), position, previous.encode())
        is_whole = raw.startswith(head) and raw.endswith(b"]\n")
        is_signed = position > covered or marks.startswith(hash[:MARK], (position - 1) * MARK)
        if not (is_whole and is_signed) or (position == covered and hash != witness.hash):
            return Verdict(position, position, _why(raw, hash, position=position, previous=previous))
        previous = hash
    if position < covered:
        return Verdict(position, position + 1, f"it is missing: the export ends before it, {covered} were signed")
    return Verdict(position)


def _why(raw: bytes, hash: str, *, position: int, previous: str) -> str:
    """What is wrong with a record of which it is known that something is."""
    try:
        claimed, (number, before, *_) = json.loads(raw)
    except (ValueError, TypeError):
        return "it is not in the form of a record"
    if number != position:
        return f"it is not there: record {number} stands in its place"
    if claimed != hash:
        return "it was changed: its bytes do not give its hash"
    if before != previous:
        return f"it does not follow on record {position - 1}"
    return "it was rewritten: whole in itself, but not the record that was signed"


def shown(raw: bytes) -> str:
    """What a line claims, in words; nothing where it cannot be read."""
    try:
        _, (_, _, at, kind, subject, actor, *_) = json.loads(raw)
    except (ValueError, TypeError):
        return ""
    return f"{at} {kind} of {subject}, by {actor}"

"""The bytes that are hashed, and the line of an export. Nothing here needs a database: the offline verifier uses it.

A record's body is one JSON array, keys sorted, no spaces, ASCII:

    [position,"hash of the record before","at","kind","subject","actor",{data},"text hash" or null]

Its hash is the SHA-256 of that body, so each hash stands for all records up to it. A line of an export is
`["hash",body]`: the body's bytes are hashed as they are in the file, without being parsed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

GENESIS = sha256(b"Lamplighter audit chain, version 1").hexdigest()
"""What stands for the record before the first. Another form of body is another version, and another genesis."""
HEAD_BYTES = 68
"""Before the body in a line: `["`, 64 hex characters, `",`."""

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Fact:
    """What a record says; `text_hash` stands for its personal text."""

    at: datetime
    kind: str
    subject: str
    actor: str
    data: Mapping[str, Any]
    text_hash: str | None


def canonical(value: Any) -> bytes:
    """The one way to write `value` as JSON: sorted keys, no spaces, ASCII."""
    return _encode(value).encode()


def body(fact: Fact, *, position: int, previous: str) -> bytes:
    """The bytes that are hashed. `position` counts from 1, `previous` is the hash of the record before."""
    at = fact.at.astimezone(UTC).isoformat(timespec="microseconds")
    return canonical([position, previous, at, fact.kind, fact.subject, fact.actor, fact.data, fact.text_hash])


def digest(body: bytes) -> str:
    return sha256(body).hexdigest()


def line(hash: str, body: bytes) -> bytes:
    return b'["%b",%b]\n' % (hash.encode(), body)

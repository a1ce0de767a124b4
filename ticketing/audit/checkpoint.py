"""Signed checkpoints: what the chain was at a moment, for somebody who does not trust the database.

A checkpoint is a line of JSON in a journal, signed with Ed25519 and linked to the line before by its hash, so the
signature of the last line vouches for all. Beside the hash of its last record, which stands for the whole chain, it has
a mark (8 bytes of the hash) of each record since the line before: without them a verifier could tell that a tail was
rewritten, but not from where. No database is needed here: the offline verifier uses it.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ticketing.audit.canon import canonical

MARK_BYTES = 8
"""So many that nobody finds a false record with the mark of the right one by trying, which would hide its place."""
FIELDS = {"at", "first", "position", "hash", "marks", "previous", "key", "signature"}


class CheckpointWrong(ValueError):
    """The checkpoints are not what was signed, or not readable; the words say where."""


@dataclass(frozen=True)
class Witness:
    """What a journal proves: the chain's hash at `position`, and 8 hex characters of each record's hash up to it."""

    position: int
    hash: str
    marks: str
    at: str
    key: bytes


def private_key(text: str) -> Ed25519PrivateKey:
    """The signing key from the base64 of its 32 bytes. Raises ValueError."""
    raw = base64.b64decode(text)
    if len(raw) != 32:
        raise ValueError("TICKETING_AUDIT_KEY must be the base64 of 32 bytes")
    return Ed25519PrivateKey.from_private_bytes(raw)


def fingerprint(key: bytes) -> str:
    """SHA-256 of a public key, in hex: short enough to be compared with one on paper."""
    return sha256(key).hexdigest()


def is_key(key: bytes, wanted: str) -> bool:
    """Whether `wanted` (base64 of the public key, or its fingerprint) means `key`."""
    return wanted in {base64.b64encode(key).decode(), fingerprint(key)}


def signed(hashes: Sequence[str], *, first: int, previous: bytes | None, at: str, key: Ed25519PrivateKey) -> bytes:
    """The line for the records from `first` on with these `hashes`; `previous` is the line before it."""
    fields = {
        "at": at,
        "first": first,
        "position": first + len(hashes) - 1,
        "hash": hashes[-1],
        "marks": base64.b64encode(bytes.fromhex("".join(each[: 2 * MARK_BYTES] for each in hashes))).decode(),
        "previous": None if previous is None else sha256(previous).hexdigest(),
        "key": base64.b64encode(key.public_key().public_bytes_raw()).decode(),
    }
    signature = base64.b64encode(key.sign(canonical(fields))).decode()
    return canonical({**fields, "signature": signature}) + b"\n"


def fields_of(line: bytes) -> dict[str, Any]:
    """The fields of a line, checked for their form only. Raises CheckpointWrong."""
    try:
        fields = json.loads(line)
    except ValueError as error:
        raise CheckpointWrong("it is not JSON") from error
    if not isinstance(fields, dict) or set(fields) != FIELDS or canonical(fields) + b"\n" != line:
        raise CheckpointWrong("it is not in the form of a checkpoint")
    return fields


def read(lines: Iterable[bytes]) -> Witness:
    """What the journal proves. A last line that was never finished does not count. Raises CheckpointWrong."""
    previous: bytes | None = None
    marks: list[str] = []
    position = 0
    fields: dict[str, Any] = {}
    for number, line in enumerate(lines, start=1):
        if not line.endswith(b"\n"):
            break
        try:
            fields = fields_of(line)
            marks.append(_marks(fields, behind=position, previous=previous))
        except (CheckpointWrong, TypeError, binascii.Error) as error:
            raise CheckpointWrong(f"line {number}: {error}") from error
        position, previous = fields["position"], line
    if not fields:
        raise CheckpointWrong("there is no checkpoint in it")
    return Witness(position, fields["hash"], "".join(marks), fields["at"], _signer(fields))


def _marks(fields: dict[str, Any], *, behind: int, previous: bytes | None) -> str:
    marks = base64.b64decode(fields["marks"], validate=True).hex()
    if fields["first"] != behind + 1 or fields["position"] != behind + len(marks) // (2 * MARK_BYTES):
        raise CheckpointWrong(f"it does not go on behind record {behind}")
    if previous is not None and fields["previous"] != sha256(previous).hexdigest():
        raise CheckpointWrong("it does not follow on the line before")
    if not marks or marks[-2 * MARK_BYTES :] != fields["hash"][: 2 * MARK_BYTES]:
        raise CheckpointWrong("its hash and its last mark differ")
    return marks


def _signer(fields: dict[str, Any]) -> bytes:
    """The key that signed the last line. Raises CheckpointWrong."""
    unsigned = {name: value for name, value in fields.items() if name != "signature"}
    try:
        key = base64.b64decode(fields["key"], validate=True)
        signature = base64.b64decode(fields["signature"], validate=True)
        Ed25519PublicKey.from_public_bytes(key).verify(signature, canonical(unsigned))
    except (InvalidSignature, TypeError, ValueError) as error:
        raise CheckpointWrong("the signature of the last checkpoint is wrong") from error
    return key

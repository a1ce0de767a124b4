"""Proves a sealed file, offline: `python -m ticketing.replay.check FILE [--key KEY]`. Exit code 1 where it is wrong.

Nothing but the file is read, and no database is needed. `--key` is the public key that must have signed it, or its
fingerprint (`python -m ticketing.audit key`): without it nothing says whose key it is.
"""

import argparse
import base64
import binascii
import hmac
import io
import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ticketing.audit.canon import HEAD_BYTES
from ticketing.audit.checkpoint import MARK_BYTES, CheckpointWrong, Witness, fingerprint, is_key, read
from ticketing.replay.packing import NotPacked, unpack

FORMAT = "lamplighter dispute 1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
CONTENT = {"replay.json", "records.jsonl", "texts.json", "checkpoints.jsonl"}


class FileWrong(ValueError):
    """The file is not what was sealed; the words name the first place."""


def check(packed: bytes, *, key: str | None = None) -> dict[str, Any]:
    """The manifest of a file that is right, with `records` and `sentences`: how many were proven. Raises FileWrong."""
    files = _unpacked(packed)
    manifest = _manifest(files, key=key)
    try:
        witness = read(io.BytesIO(files["checkpoints.jsonl"]))
    except CheckpointWrong as error:
        raise FileWrong(f"checkpoints.jsonl: {error}") from error
    if base64.b64encode(witness.key).decode() != manifest["key"]:
        raise FileWrong("checkpoints.jsonl: signed with another key than the file")
    try:
        records = list(_records(files["records.jsonl"], witness))
        texts = _texts(json.loads(files["texts.json"]), records)
        proven = _sentences(json.loads(files["replay.json"]), records, texts)
    except (KeyError, TypeError, AttributeError) as error:
        raise FileWrong(f"its content is not in the form of a replay: {error!r}") from error
    return {**manifest, "records": len(records), "sentences": proven}


def _unpacked(packed: bytes) -> dict[str, bytes]:
    try:
        files = unpack(packed)
    except NotPacked as error:
        raise FileWrong(f"it cannot be unpacked: {error}") from error
    if set(files) != {MANIFEST, SIGNATURE, *CONTENT}:
        raise FileWrong(f"it does not hold what it must: {', '.join(sorted(files))}")
    return files


def _manifest(files: dict[str, bytes], *, key: str | None) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(files[MANIFEST])
        signer = base64.b64decode(manifest["key"], validate=True)
        signature = base64.b64decode(files[SIGNATURE], validate=True)
        Ed25519PublicKey.from_public_bytes(signer).verify(signature, files[MANIFEST])
        declared = manifest["files"]
    except (InvalidSignature, KeyError, TypeError, ValueError, binascii.Error) as error:
        raise FileWrong(f"{MANIFEST}: its signature is wrong") from error
    if manifest.get("format") != FORMAT:
        raise FileWrong(f"{MANIFEST}: another format: {manifest.get('format')}")
    if key is not None and not is_key(signer, key):
        raise FileWrong(f"signed with another key, fingerprint {fingerprint(signer)}")
    for name in sorted(CONTENT):
        if sha256(files[name]).hexdigest() != declared.get(name):
            raise FileWrong(f"{name}: it is not the one that was sealed")
    return manifest


def _records(lines: bytes, witness: Witness) -> Iterator[dict[str, Any]]:
    """Each record's hash against its mark in the signed journal, at its own place."""
    last = 0
    for number, raw in enumerate(lines.splitlines(keepends=True), start=1):
        try:
            claimed, (position, _, at, kind, subject, actor, data, text_hash) = json.loads(raw)
        except (ValueError, TypeError) as error:
            raise FileWrong(f"records.jsonl: line {number} is not in the form of a record") from error
        hash = sha256(raw[HEAD_BYTES:-2]).hexdigest()
        start = (position - 1) * 2 * MARK_BYTES if isinstance(position, int) else -1
        is_marked = 0 <= start < len(witness.marks) and witness.marks.startswith(hash[: 2 * MARK_BYTES], start)
        if hash != claimed or not is_marked or position <= last:
            raise FileWrong(f"records.jsonl: record {position} is not the one in the chain")
        last = position
        yield {"at": at, "kind": kind, "subject": subject, "actor": actor, "data": data, "text_hash": text_hash}


def _texts(texts: dict[str, dict[str, str]], records: list[dict[str, Any]]) -> dict[str, str]:
    named = {record["text_hash"] for record in records}
    for hash, kept in texts.items():
        salted = hmac.new(bytes.fromhex(kept["salt"]), kept["text"].encode(), sha256).hexdigest()
        if salted != hash or hash not in named:
            raise FileWrong(f"texts.json: the text {hash[:12]}… is not the one in the chain")
    return {hash: kept["text"] for hash, kept in texts.items()}


def _sentences(shown: dict[str, Any], records: list[dict[str, Any]], texts: dict[str, str]) -> int:
    """Every sentence of the replay whose text was kept is the one in the chain; returns how many those are."""
    hashes = {
        record["data"]["message"]: record["text_hash"]
        for record in records
        if record["kind"] in {"conversation.heard", "conversation.said"}
        and record["subject"] == f"conversation:{shown['conversation']['id']}"
    }
    proven = 0
    for step in shown["steps"]:
        text = texts.get(hashes.get(step["id"], ""))
        if text is not None and text != step["text"]:
            raise FileWrong(f"replay.json: sentence {step['seq']} is not the one in the chain")
        proven += text is not None
    return proven


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m ticketing.replay.check",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--key")
    asked = parser.parse_args(arguments)
    try:
        found = check(asked.file.read_bytes(), key=asked.key)
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    except FileWrong as error:
        print(f"The file is wrong: {error}.")
        return 1
    print(
        f"Conversation {found['conversation']}, sealed by {found['made_by']} at {found['made_at']}: as it was sealed."
    )
    print(
        f"{found['records']} records stand in the signed chain, {found['sentences']} sentences are proven word by word."
    )
    print(f"Key {fingerprint(base64.b64decode(found['key']))}" + (", the one you named." if asked.key else "."))
    return 0


if __name__ == "__main__":
    sys.exit(main())

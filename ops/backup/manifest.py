"""What a backup holds: written last, so a folder without it is no backup; read first, so nothing damaged goes back."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from ops.secrets import DATA_KEYS

NAME = "manifest.json"
FORMAT = 1
PIECE = 2**20


class Refused(RuntimeError):
    """The backup or the restore is not done; the words tell an operator why and what to do."""


@dataclass(frozen=True)
class Manifest:
    """`taken_at`: when the first store was read: there the gap of a restore begins. `files`: sha256 by path."""

    taken_at: datetime
    stores: dict[str, str]
    """The file of each store; several stores of one PostgreSQL share one."""
    keys: dict[str, str]
    files: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


def write(folder: Path, manifest: Manifest) -> None:
    body = {**asdict(manifest), "taken_at": manifest.taken_at.isoformat()}
    (folder / NAME).write_text(json.dumps(body, indent=1, ensure_ascii=False), "utf-8")


def read(folder: Path) -> Manifest:
    """Raises Refused when it is not there, of another format, or a file is missing or altered."""
    try:
        body = json.loads((folder / NAME).read_text("utf-8"))
        manifest = Manifest(**{**body, "taken_at": datetime.fromisoformat(body["taken_at"])})
    except FileNotFoundError as error:
        raise Refused(
            f"{folder} is no finished backup: it has no {NAME}. `make backups` lists those there are."
        ) from error
    except (ValueError, TypeError, KeyError) as error:
        raise Refused(f"{folder / NAME} cannot be read: {error}") from error
    if manifest.format != FORMAT:
        raise Refused(f"{folder} was written by another version (format {manifest.format}, this one reads {FORMAT})")
    for name, digest in manifest.files.items():
        file = folder / name
        if not file.is_file():
            raise Refused(f"{file} is missing: this backup is not whole. Take another one.")
        if checksum(file) != digest:
            raise Refused(f"{file} is damaged (its checksum differs): take another backup.")
    return manifest


def checksum(file: Path) -> str:
    digest = sha256()
    with file.open("rb") as content:
        while piece := content.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def fingerprints(environment: Mapping[str, str]) -> dict[str, str]:
    """Which keys the personal data in it is sealed under. The keys themselves are in no backup."""
    return {
        name: sha256(f"{name}:{environment[name]}".encode()).hexdigest()[:16]
        for name in DATA_KEYS
        if name in environment
    }


def check_keys(manifest: Manifest, environment: Mapping[str, str]) -> None:
    """Raises Refused when this installation could not open what the backup holds."""
    here = fingerprints(environment)
    if other := [name for name, mark in manifest.keys.items() if here.get(name) != mark]:
        raise Refused(
            f"The backup was sealed under another {', '.join(other)}: put back the secrets.env that belonged to it "
            "($LAMPLIGHTER_HOME/secrets.env), then restore again."
        )

"""Read talk tracks from `data/talk_tracks/*.yml` and default texts from `domain.yml`; changes nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError


class TalkTrackFileError(ValueError):
    """A file that may not be published; the words name the file and the talk track."""


class Button(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=40)
    payload: str = Field(min_length=1, max_length=200, pattern=r"^[^/]")
    """Words a customer could have said; never a command."""


class Entry(BaseModel):
    """The words of one name."""

    model_config = ConfigDict(extra="forbid")

    chat: str = Field(min_length=1, max_length=1000)
    phone: str | None = Field(None, min_length=1, max_length=500)
    buttons: list[Button] = []
    personal: list[str] = []


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    author: str = Field(min_length=1)
    reviewer: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    talk_tracks: dict[str, Entry]


class Signed(BaseModel):
    """An entry with its name and the people who answer for it."""

    name: str
    author: str
    reviewer: str
    publisher: str
    entry: Entry


class Default(BaseModel):
    """Version 0 of a name."""

    name: str
    text: str
    buttons: list[dict[str, str]] = []


def read(folder: Path) -> list[Signed]:
    """All talk tracks of the files in `folder`. Raises TalkTrackFileError."""
    found: dict[str, tuple[Path, Signed]] = {}
    for path in sorted(folder.glob("*.yml")):
        for signed in _read_file(path):
            if signed.name in found:
                raise TalkTrackFileError(f"{path.name}: {signed.name} stands in {found[signed.name][0].name} already")
            found[signed.name] = (path, signed)
    return [signed for _, signed in found.values()]


def _read_file(path: Path) -> list[Signed]:
    try:
        file = _File.model_validate(_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise TalkTrackFileError(f"{path.name}: {where}: {first['msg']}") from error
    if file.author == file.reviewer:
        raise TalkTrackFileError(f"{path.name}: the reviewer must not be the author ({file.author})")
    people = {"author": file.author, "reviewer": file.reviewer, "publisher": file.publisher}
    return [Signed(name=name, entry=entry, **people) for name, entry in file.talk_tracks.items()]


def _yaml(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise TalkTrackFileError(f"{path.name}: not YAML: {error}") from error
    except OSError as error:
        raise TalkTrackFileError(f"{path}: cannot be read: {error.strerror}") from error


def read_defaults(domain: Path) -> list[Default]:
    """The first text of each response of `domain.yml`. Raises TalkTrackFileError."""
    responses: dict[str, Sequence[dict[str, Any]]] = (_yaml(domain) or {}).get("responses") or {}
    defaults = []
    for name, variants in responses.items():
        if not variants or not variants[0].get("text"):
            raise TalkTrackFileError(f"{domain.name}: {name} has no text")
        buttons = [{"title": each["title"], "payload": each["payload"]} for each in variants[0].get("buttons", [])]
        defaults.append(Default(name=name, text=variants[0]["text"], buttons=buttons))
    return defaults

"""Read talk tracks from `data/talk_tracks/*.yml` and default texts from `domain.yml`; changes nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ticketing.talk_tracks.words import LANGUAGE, Words

NAME = r"^utter_[a-z0-9_]{1,80}$"
EMERGENCY = "emergency"
"""The folder of the emergency sets, inside that of the talk tracks."""


class TalkTrackFileError(ValueError):
    """A file that may not be published; the words name the file and the talk track."""


class Button(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=40)
    payload: str = Field(min_length=1, max_length=200, pattern=r"^[^/]")
    """Words a customer could have said; never a command."""


class Entry(BaseModel):
    """The words of one name. `author`, `reviewer`, `publisher`: where they are not those of the file."""

    model_config = ConfigDict(extra="forbid")

    chat: str = Field(min_length=1, max_length=1000)
    phone: str | None = Field(None, min_length=1, max_length=500)
    buttons: list[Button] = []
    personal: list[str] = []
    author: str | None = None
    reviewer: str | None = None
    publisher: str | None = None


class File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    author: str = Field(min_length=1)
    reviewer: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    language: str = Field(LANGUAGE, min_length=2, max_length=10)
    emergency_set: str | None = Field(None, min_length=1, max_length=40)
    talk_tracks: dict[Annotated[str, Field(pattern=NAME)], Entry]


class Signed(BaseModel):
    """An entry with its name, the people who answer for it, and the file that holds it."""

    name: str
    author: str
    reviewer: str
    publisher: str
    entry: Entry
    language: str = LANGUAGE
    emergency_set: str | None = None
    file: str = ""

    @property
    def words(self) -> Words:
        entry = self.entry
        return Words(
            name=self.name,
            chat=entry.chat,
            phone=entry.phone,
            buttons=tuple((button.title, button.payload) for button in entry.buttons),
            personal=tuple(sorted(entry.personal)),
            language=self.language,
            emergency_set=self.emergency_set,
        )


class Default(BaseModel):
    """Version 0 of a name."""

    name: str
    text: str
    buttons: list[dict[str, str]] = []


def read(folder: Path) -> list[Signed]:
    """All talk tracks of the files in `folder`, and of the emergency sets in its `emergency/`.

    Whether they may be published is not decided here. Raises TalkTrackFileError.
    """
    found: dict[tuple[str, str, str | None], Signed] = {}
    for path in sorted(folder.glob("*.yml")) + sorted((folder / EMERGENCY).glob("*.yml")):
        for signed in signed_of(path, folder=folder):
            key = (signed.name, signed.language, signed.emergency_set)
            if key in found:
                raise TalkTrackFileError(f"{signed.file}: {signed.name} stands in {found[key].file} already")
            found[key] = signed
    return list(found.values())


def signed_of(path: Path, *, folder: Path) -> list[Signed]:
    """The talk tracks of one file below `folder`. Raises TalkTrackFileError."""
    file, name = read_file(path), str(path.relative_to(folder))
    is_emergency = path.parent.name == EMERGENCY
    if is_emergency != (file.emergency_set is not None):
        raise TalkTrackFileError(f"{name}: `emergency_set` stands in the files of {EMERGENCY}/, and only there")
    return [
        Signed(
            name=each,
            entry=entry,
            author=entry.author or file.author,
            reviewer=entry.reviewer or file.reviewer,
            publisher=entry.publisher or file.publisher,
            language=file.language,
            emergency_set=file.emergency_set,
            file=name,
        )
        for each, entry in file.talk_tracks.items()
    ]


def read_file(path: Path) -> File:
    """Raises TalkTrackFileError."""
    try:
        return File.model_validate(_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise TalkTrackFileError(f"{path.name}: {where}: {first['msg']}") from error


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

"""Write the words in force back into the files, so that git holds what people decided. Files without a change stay
untouched, comments and all; in a changed one the comment at its top is kept."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from ticketing.talk_tracks import files, versions
from ticketing.talk_tracks.files import EMERGENCY, Signed
from ticketing.talk_tracks.versions import Version
from ticketing.talk_tracks.words import LANGUAGE

UNSORTED = "unsorted"
"""The file of names that stand in none yet."""
Place = tuple[str, str, str | None]


class _Flow(list[Any]):
    """Written in one line."""


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _in_line(dumper: yaml.SafeDumper, data: Any) -> yaml.Node:
    if isinstance(data, dict):
        return dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)


class _Button(dict[str, str]):
    """Written in one line."""


_Dumper.add_representer(_Flow, _in_line)
_Dumper.add_representer(_Button, _in_line)


def export(session: Session, folder: Path) -> list[str]:
    """Bring the files of `folder` in step with the words in force; the names of the files that were written.

    Raises TalkTrackFileError where a file that is there cannot be read.
    """
    current = {_place(each): each for each in versions.said(session)}
    standing = files.read(folder)
    where = {(each.name, each.language, each.emergency_set): each.file for each in standing}
    for place in current:
        where.setdefault(place, _new_file(place))
    written = []
    for file in dict.fromkeys(where.values()):
        before = [each for each in standing if each.file == file]
        after = [_signed(current[place], file) for place, at in where.items() if at == file and place in current]
        if {_content(each) for each in before} != {_content(each) for each in after}:
            _write(folder / file, before, after)
            written.append(file)
    return written


def _place(version: Version) -> Place:
    return version.chat.name, version.chat.language, version.chat.emergency_set


def _new_file(place: Place) -> str:
    _, language, emergency_set = place
    own = "" if language == LANGUAGE else f".{language}"
    return f"{EMERGENCY}/{emergency_set}{own}.yml" if emergency_set else f"{UNSORTED}{own}.yml"


def _signed(version: Version, file: str) -> Signed:
    words, chat = version.words, version.chat
    entry = files.Entry(
        chat=words.chat,
        phone=words.phone,
        buttons=[files.Button(title=title, payload=payload) for title, payload in words.buttons],
        personal=list(words.personal),
    )
    return Signed(
        name=words.name,
        entry=entry,
        author=chat.author,
        reviewer=chat.reviewer or "",
        publisher=chat.publisher or "",
        language=words.language,
        emergency_set=words.emergency_set,
        file=file,
    )


def _content(signed: Signed) -> tuple[Any, ...]:
    return signed.words, signed.author, signed.reviewer, signed.publisher


def _write(path: Path, before: Sequence[Signed], after: Sequence[Signed]) -> None:
    """Names keep their order; the file's people are those of most of its words."""
    order = {each.name: number for number, each in enumerate(before)}
    after = sorted(after, key=lambda each: (order.get(each.name, len(order)), each.name))
    if not after:
        path.unlink()
        return
    people = [(each.author, each.reviewer, each.publisher) for each in after]
    most = max(people, key=people.count)
    head: dict[str, Any] = dict(zip(("author", "reviewer", "publisher"), most, strict=True))
    if after[0].language != LANGUAGE:
        head["language"] = after[0].language
    if after[0].emergency_set:
        head["emergency_set"] = after[0].emergency_set
    body = {"talk_tracks": {each.name: _entry(each, most) for each in after}}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{_comment(path)}{_dump(head)}\n{_dump(body)}", encoding="utf-8")


def _entry(signed: Signed, most: tuple[str, str, str]) -> dict[str, Any]:
    words = signed.words
    entry: dict[str, Any] = {"chat": words.chat}
    if words.phone is not None:
        entry["phone"] = words.phone
    if words.personal:
        entry["personal"] = _Flow(words.personal)
    if words.buttons:
        entry["buttons"] = [_Button(title=title, payload=payload) for title, payload in words.buttons]
    own = zip(
        ("author", "reviewer", "publisher"), (signed.author, signed.reviewer, signed.publisher), most, strict=True
    )
    return {**entry, **{role: person for role, person, usual in own if person != usual}}


def _comment(path: Path) -> str:
    """The lines at the top that begin with `#`."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
    kept = []
    for line in lines:
        if not line.startswith("#"):
            break
        kept.append(line)
    return "".join(kept)


def _dump(content: dict[str, Any]) -> str:
    return yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)

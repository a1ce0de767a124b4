"""Read the rule book's YAML so that every row knows the line it stands on: a refusal points there.

Numbers keep the digits that were written: a float would turn 0.5283 into something near it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml


class RulebookBroken(ValueError):
    """The rule book cannot be used; the words name the file, the line and the row."""


@dataclass(frozen=True)
class Place:
    """Where a row stands. `fields`: the line of each of its fields."""

    file: str
    line: int
    fields: tuple[tuple[str, int], ...] = ()

    def of(self, field: str) -> "Place":
        """The place of one field, or of the row where the field is missing."""
        return Place(self.file, dict(self.fields).get(field, self.line))

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Row:
    place: Place
    content: object


class _AsWritten(yaml.SafeLoader):
    """YAML whose decimal numbers stay the text that was written."""


_AsWritten.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:float"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def rows(file: Path, *, under: str = "rules") -> Iterator[Row]:
    """The rows of a list that stands under a name. Raises RulebookBroken with the line."""
    try:
        loader = _AsWritten(file.read_text(encoding="utf-8"))
        root = loader.get_single_node()
        yield from (_row(loader, node, file.name) for node in _list(root, under, file.name).value)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise RulebookBroken(f"{file.name}:{mark.line + 1 if mark else 1} cannot be read: {error.problem}") from error
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise RulebookBroken(f"{file.name}:1 cannot be read: {error}") from error


def _list(root: yaml.Node | None, under: str, file: str) -> yaml.SequenceNode:
    fields = root.value if isinstance(root, yaml.MappingNode) else []
    found = next((value for key, value in fields if key.value == under), None)
    if not isinstance(found, yaml.SequenceNode):
        line = found.start_mark.line + 1 if found else 1
        raise RulebookBroken(f"{file}:{line} must hold a list under `{under}:`")
    return found


def _row(loader: _AsWritten, node: yaml.Node, file: str) -> Row:
    lines: dict[str, int] = {}
    for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
        if str(key.value) in lines:  # YAML would keep the last one without a word
            raise RulebookBroken(f"{file}:{key.start_mark.line + 1} the field '{key.value}' stands twice in its row")
        lines[str(key.value)] = key.start_mark.line + 1
    place = Place(file, node.start_mark.line + 1, tuple(lines.items()))
    try:
        return Row(place, loader.construct_document(node))
    except ValueError as error:  # a date like 2020-13-45
        raise RulebookBroken(f"{place} cannot be read: {error}") from error

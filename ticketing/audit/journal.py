"""The journal of checkpoints in its directory, the second place: files that only grow, each line on the disk before
the next. Processes that write to one directory take turns by a lock file.

There is one file, `chain-001.jsonl`, for as long as the database goes on from what was signed. When it does not (it was
put back from a backup, or somebody changed it), a next file begins and the one before stays as it is.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ticketing.audit import checkpoint

MOST = 50_000
"""Records of one line."""
TAIL_BYTES = 12 * MOST
"""Surely more than the longest line has."""


@dataclass(frozen=True)
class Signed:
    """The last whole line: a chain had `hash` at `position`."""

    position: int
    hash: str


class Journal:
    """The checkpoints in `folder`, signed with `key`."""

    def __init__(self, folder: Path, key: Ed25519PrivateKey) -> None:
        self.folder, self._key = folder, key

    @contextmanager
    def held(self) -> Iterator["Book"]:
        """The journal, for this process alone. Raises OSError where the directory cannot be written."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield Book(self.folder, self._key)


class Book:
    """A journal while it is held."""

    def __init__(self, folder: Path, key: Ed25519PrivateKey) -> None:
        self._folder, self._key = folder, key
        files = sorted(folder.glob("chain-*.jsonl"))
        self.file = files[-1] if files else folder / "chain-001.jsonl"
        self._own = _last_line(files[-1]) if files else None
        self._before = _last_line(files[-2]) if len(files) > 1 else None

    @property
    def last(self) -> Signed | None:
        """What was signed last in this file; None where nothing was. Raises CheckpointWrong."""
        if self._own is None:
            return None
        fields = checkpoint.fields_of(self._own)
        return Signed(fields["position"], fields["hash"])

    def write(self, hashes: Sequence[str], *, first: int, at: str) -> None:
        """Sign the records from `first` on, and return when that is on the disk. Raises OSError."""
        line = checkpoint.signed(hashes, first=first, previous=self._own or self._before, at=at, key=self._key)
        is_new = not self.file.exists()
        with self.file.open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            _sync_folder(self._folder)
        self._own = line

    def turn_over(self) -> str:
        """Begin the next file, whose first line still names the last line of this one. Returns this file's name."""
        left = self.file
        self.file = self._folder / f"chain-{int(left.stem.removeprefix('chain-')) + 1:03}.jsonl"
        self.file.touch()
        _sync_folder(self._folder)
        self._own, self._before = None, self._own
        return left.name


def _last_line(file: Path) -> bytes | None:
    """The last whole line, where there is one. What a writer that was killed left behind it is cut off."""
    with file.open("r+b") as opened:
        size = opened.seek(0, os.SEEK_END)
        opened.seek(max(0, size - TAIL_BYTES))
        tail = opened.read()
        whole = tail.rfind(b"\n") + 1
        if whole < len(tail):
            opened.truncate(size - len(tail) + whole)
            os.fsync(opened.fileno())
    lines = tail[:whole].splitlines(keepends=True)
    return lines[-1] if lines else None


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)

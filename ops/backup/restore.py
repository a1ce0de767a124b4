"""Put a backup back. Killed at any moment, the same command goes on where it was; what is replaced is kept aside.

SQLite: everything is laid out beside the data first, the mark of the gap included, and then files change places. A note
(`restoring.json`) stands from the first change of place to the last; `make run` refuses to start while it is there.
PostgreSQL: the present is dumped aside, then replaced in one transaction.
"""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from ops.backup import manifest
from ops.backup.manifest import Manifest, Refused
from ops.backup.running import standing_still
from ops.backup.stores import Store, copy_out, put_back, stores
from ops.backup.take import FOLDERS, STAMP, Say
from ops.backup.ticketing import mark_gap
from ops.home import RESTORING

BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside a database and would read into the one that takes its place."""


@dataclass(frozen=True)
class Moves:
    """The changes of place, as the note has them. `goes`: what is not in the backup, and only goes aside."""

    backup: str
    laid_out: str
    aside: str
    comes: list[str]
    goes: list[str]


def restore(backup: Path, home: Path, environment: Mapping[str, str], say: Say) -> Path:
    """Returns the folder in which the replaced state lies. Raises Refused before anything was changed."""
    say("checking the backup")
    held = manifest.read(backup)
    manifest.check_keys(held, environment)
    every = stores(home, environment)
    if any(held.stores.get(name, store.file) != store.file for store in every for name in store.names):
        raise Refused("The backup is of another kind of database than DATABASE_URL names now: set it as it was then.")
    home.mkdir(parents=True, exist_ok=True)
    with standing_still(home, every):
        return _put_back(backup, held, home, every, say)


def _put_back(backup: Path, held: Manifest, home: Path, every: list[Store], say: Say) -> Path:
    note = home / RESTORING
    moves = _noted(note, backup) or _laid_out(backup, held, home, every, say)
    aside, laid_out = Path(moves.aside), Path(moves.laid_out)
    aside.mkdir(parents=True, exist_ok=True, mode=0o700)
    servers = [store for store in every if not store.is_sqlite]
    for store in servers:
        _keep_aside(store, aside, say)
    _write(note, moves)  # from here on it goes to its end
    for store in servers:
        _replace_database(store, backup / store.file, aside, held, say)
    say("changing places")
    for name in moves.comes:
        if (laid_out / name).exists():  # else it has changed places already
            _put_aside(home / name, aside / name)
            (laid_out / name).rename(home / name)
    for name in moves.goes:
        _put_aside(home / name, aside / name)
    note.unlink()
    shutil.rmtree(laid_out, ignore_errors=True)
    return aside


def _noted(note: Path, backup: Path) -> Moves | None:
    """The changes of place that a killed restore had begun. Raises Refused when it was of another backup."""
    if not note.exists():
        return None
    moves = Moves(**json.loads(note.read_text("utf-8")))
    if moves.backup != str(backup.resolve()):
        raise Refused(f"A restore was begun and not finished: finish it first (make restore FROM={moves.backup}).")
    return moves


def _laid_out(backup: Path, held: Manifest, home: Path, every: list[Store], say: Say) -> Moves:
    """Copy what will change places onto the data directory's own disk, and mark the gap in it."""
    at = datetime.now(UTC)
    folder = home / f"restore-{at:{STAMP}}"
    folder.mkdir(mode=0o700)
    files = {store.path.name: backup / store.file for store in every if store.is_sqlite}
    comes = [name for name, file in files.items() if file.exists()]
    folders = [name for name in FOLDERS if (backup / name).is_dir()]
    try:
        for name in comes:
            say(f"laying out {name}")
            shutil.copyfile(files[name], folder / name)
            if name == "ticketing.db":
                mark_gap(f"sqlite:///{folder / name}", held)
        for name in folders:
            shutil.copytree(backup / name, folder / name)
    except Refused:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise Refused(
            f"The backup cannot be laid out in {home}: {error.strerror}. Free some space; nothing was changed."
        ) from error
    return Moves(
        backup=str(backup.resolve()),
        laid_out=str(folder),
        aside=str(home / "replaced" / f"{at:{STAMP}}"),
        comes=[*comes, *folders],
        goes=[name for name in (*files, *FOLDERS) if name not in {*comes, *folders}],
    )


def _keep_aside(store: Store, aside: Path, say: Say) -> None:
    kept = aside / store.file
    if not kept.exists():
        say(f"keeping the present {', '.join(store.names)} aside")
        draft = kept.with_suffix(".unfinished")
        copy_out(store, draft)
        draft.rename(kept)


def _replace_database(store: Store, dump: Path, aside: Path, held: Manifest, say: Say) -> None:
    say(f"putting back {', '.join(store.names)}")
    put_back(store, dump, aside / "statements.sql")
    if "ticketing" in store.names:
        mark_gap(store.address, held)


def _put_aside(present: Path, aside: Path) -> None:
    """One rename each; a kill in between leaves the rest for the next try."""
    for end in ("", *BESIDE):
        old = present.with_name(present.name + end)
        if old.exists():
            old.rename(aside.with_name(aside.name + end))


def _write(note: Path, moves: Moves) -> None:
    draft = note.with_suffix(".new")
    with draft.open("w", encoding="utf-8") as out:
        json.dump(asdict(moves), out)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(note)

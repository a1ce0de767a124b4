"""Take a backup of the running system: whole or not at all."""

import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from ops.backup import manifest
from ops.backup.manifest import Manifest, Refused
from ops.backup.stores import Store, copy_out, stores

FOLDERS = ("evidence", "voice")
"""Of the data directory: pictures kept with orders, and sentences spoken that are not on record yet. Read after the
databases, because a picture is there before its row is."""
STAMP = "%Y%m%dT%H%M%SZ"
UNFINISHED = ".unfinished"

type Say = Callable[[str], None]


def take(home: Path, into: Path, environment: Mapping[str, str], say: Say) -> Path:
    """Write a new folder below `into`; returns it. Raises Refused, and then leaves nothing that looks like a backup."""
    at = datetime.now(UTC)
    final = into / f"{at:{STAMP}}"
    draft = final.with_name(final.name + UNFINISHED)
    try:
        draft.mkdir(parents=True, mode=0o700)
    except FileExistsError as error:
        raise Refused(f"Another backup is being taken into {draft}: wait for it.") from error
    except OSError as error:
        raise _not_written(into, error) from error
    try:
        every = [store for store in stores(home, environment) if not store.is_sqlite or store.path.exists()]
        if not any("ticketing" in store.names for store in every):
            raise Refused(f"{home} holds no data: has `make run` ever run with this LAMPLIGHTER_HOME?")
        for store in every:
            say(f"reading {', '.join(store.names)}")
            copy_out(store, draft / store.file)
        for name in FOLDERS:
            if (home / name).is_dir():
                say(f"copying {name}/")
                shutil.copytree(home / name, draft / name)
        manifest.write(draft, describe(draft, every, at=at, environment=environment))
        draft.rename(final)
    except OSError as error:
        raise _not_written(into, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return final


def _not_written(into: Path, error: OSError) -> Refused:
    return Refused(
        f"The backup cannot be written to {into}: {error.strerror}. Free some space, or name another folder."
    )


def describe(folder: Path, every: list[Store], *, at: datetime, environment: Mapping[str, str]) -> Manifest:
    """The manifest of what lies in `folder`."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return Manifest(
        taken_at=at,
        stores={name: store.file for store in every for name in store.names},
        keys=manifest.fingerprints(environment),
        files={str(file.relative_to(folder)): manifest.checksum(file) for file in files},
    )


def known(into: Path) -> list[Path]:
    """The finished backups below `into`, oldest first."""
    return sorted(file.parent for file in into.glob(f"*/{manifest.NAME}"))

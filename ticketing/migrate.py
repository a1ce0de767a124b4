"""`python -m ticketing.migrate`: bring the database to the newest revision, or say in words why that cannot be."""

import sys
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from ticketing.commands import wrong_settings
from ticketing.config import Settings
from ticketing.db import connect

LOCK = 7_305_598
"""PostgreSQL advisory lock: two processes that start together migrate one after the other."""
SCRIPTS = Path(__file__).parent / "migrations"


class MigrationRefused(RuntimeError):
    """The database cannot be brought to the newest revision; the words say what to mend."""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config


@cache
def head() -> str | None:
    """The newest revision in the code; it cannot change while the process lives."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def revision(connection: Connection) -> str | None:
    """The revision that the database is at."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> None:
    """Run the revisions that are missing, all in one transaction. Raises SQLAlchemy's and Alembic's errors."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        command.upgrade(_config(connection), "head")


def upgrade_to_head(url: str) -> str:
    """Migrate the database at `url`; returns the revision. Raises MigrationRefused with the reason in words."""
    engine = open_engine(url)
    try:
        upgrade(engine)
        with engine.connect() as connection:
            return revision(connection) or ""
    except DBAPIError as error:
        raise MigrationRefused(_reason(engine, error)) from error
    except CommandError as error:
        raise MigrationRefused(f"the database is newer than this program, or not ours: {error}") from error
    finally:
        engine.dispose()


def open_engine(url: str) -> Engine:
    """The engine for an address that people wrote. Raises MigrationRefused where it cannot be one."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
            raise MigrationRefused(
                f"DATABASE_URL names '{parsed.get_backend_name()}'; use postgresql://… or leave it out"
            )
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        return connect(url)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise MigrationRefused(
            "DATABASE_URL is not a database address; write postgresql://user:password@host/name, or leave it out"
        ) from error
    except OSError as error:
        raise MigrationRefused(f"the data directory cannot be made: {error}") from error


def _reason(engine: Engine, error: DBAPIError) -> str:
    where = engine.url.render_as_string(hide_password=True)
    said = str(error.orig).strip().splitlines()[0] if error.orig else str(error)
    if "disk is full" in said or "No space left" in said:
        return f"no space left for the database {where}: free some, then start again"
    if "readonly" in said or "read-only" in said:
        return f"the database {where} cannot be written: {said}"
    return f"the database {where} cannot be used: {said}"


def main() -> int:
    try:
        at = upgrade_to_head(Settings().sqlalchemy_url)
    except ValidationError as error:
        print(f"ticketing cannot start, {wrong_settings(error)}", file=sys.stderr)
        return 2
    except MigrationRefused as error:
        print(f"ticketing cannot start: {error}", file=sys.stderr)
        return 3
    print(f"database at revision {at}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The commands that read the database: export, checkpoint, key."""

import argparse
import base64
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from ticketing.audit.checkpoint import fingerprint, private_key
from ticketing.audit.checkpointing import ChainBroken, checkpoint
from ticketing.audit.exporting import lines, outside
from ticketing.audit.keeper import journal_of
from ticketing.audit.sealing import seal_all
from ticketing.config import Settings
from ticketing.db import connect, now, session_factory


def run(asked: argparse.Namespace) -> int:
    """Do what is asked; returns the exit code: 2 for settings, 3 for the database. Raises OSError."""
    try:
        settings = Settings()
        engine = connect(settings.sqlalchemy_url)
        try:
            return _do(asked, settings, session_factory(engine))
        finally:
            engine.dispose()
    except ValidationError as error:
        missing = ", ".join(f"TICKETING_{str(each['loc'][0]).upper()}" for each in error.errors())
        print(f"settings missing or wrong: {missing}", file=sys.stderr)
        return 2
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    except DBAPIError as error:
        print(f"the database cannot be used: {str(error.orig).splitlines()[0]}", file=sys.stderr)
        return 3
    except ChainBroken as error:
        print(error, file=sys.stderr)
        return 1


def _do(asked: argparse.Namespace, settings: Settings, sessions: sessionmaker[Session]) -> int:
    if asked.command == "export":
        seal_all(sessions)
        count = write(asked.out, lines(sessions))
        print(f"{count} records", file=sys.stderr)
        if kept_out := outside(sessions):
            print(f"{kept_out} records stand in the database outside the chain: nothing proves them", file=sys.stderr)
        return 0
    journal = journal_of(settings)
    if settings.audit_key is None or journal is None:
        raise ValueError("TICKETING_AUDIT_KEY is not set: there is no key to sign checkpoints with")
    if asked.command == "key":
        public = private_key(settings.audit_key.get_secret_value()).public_key().public_bytes_raw()
        print(f"{base64.b64encode(public).decode()}\nfingerprint {fingerprint(public)}")
        return 0
    seal_all(sessions)
    print(f"{checkpoint(sessions, journal, at=now())} records signed, in {journal.folder}")
    return 0


def write(out: Path, exported: Iterable[bytes]) -> int:
    """Write the lines, whole or not at all; returns how many. `-` is standard output. Raises OSError."""
    if str(out) == "-":
        return _write_lines(sys.stdout.buffer.write, exported)
    draft = out.with_name(out.name + ".part")
    with draft.open("wb") as file:
        count = _write_lines(file.write, exported)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(out)
    return count


def _write_lines(write: Callable[[bytes], int], exported: Iterable[bytes]) -> int:
    count = 0
    for line in exported:
        write(line)
        count += 1
    return count

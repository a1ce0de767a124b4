"""The commands that read the database: export, checkpoint, key."""

import argparse
import base64
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker

from ticketing import commands
from ticketing.audit.checkpoint import fingerprint, private_key
from ticketing.audit.checkpointing import ChainBroken, checkpoint
from ticketing.audit.exporting import lines, outside
from ticketing.audit.keeper import journal_of
from ticketing.audit.sealing import seal_all
from ticketing.config import Settings
from ticketing.db import now


def run(asked: argparse.Namespace) -> int:
    """Do what is asked; returns the exit code, as `ticketing.commands.run`, and 1 for a chain that is broken."""
    return commands.run(lambda settings, sessions: _told(asked, settings, sessions))


def _told(asked: argparse.Namespace, settings: Settings, sessions: sessionmaker[Session]) -> int:
    try:
        return _do(asked, settings, sessions)
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

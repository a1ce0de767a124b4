"""A conversation as it was: `python -m ticketing.replay CONVERSATION [--json | --html FILE | --sealed FILE]`.

Without an option it is told in lines. `--sealed` writes a dispute's file (a hold must stand on the conversation); who
gets it proves it with `python -m ticketing.replay.check FILE`. Each look is recorded in the audit trail.
"""

import argparse
import getpass
import json
import os
import sys
from pathlib import Path

from ticketing.audit.checkpoint import private_key
from ticketing.audit.keeper import journal_of
from ticketing.commands import Sessions, run
from ticketing.config import Settings
from ticketing.db import now
from ticketing.replay import sealed
from ticketing.replay.assembling import looked, replay
from ticketing.replay.errors import NoSigningKey
from ticketing.replay.page import page
from ticketing.replay.telling import lines
from ticketing.rulebook import rules


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m ticketing.replay", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("conversation")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--json", action="store_true")
    way.add_argument("--html", type=Path)
    way.add_argument("--sealed", type=Path)
    parser.add_argument("--by", default=getpass.getuser(), help="your name; not given: the system's")
    asked = parser.parse_args(arguments)
    return run(lambda settings, sessions: _do(asked, settings, sessions))


def _do(asked: argparse.Namespace, settings: Settings, sessions: Sessions) -> int:
    if asked.sealed:
        return _seal(asked, settings, sessions)
    with sessions.begin() as session:
        shown = replay(session, asked.conversation, rulebook=rules.load())
        looked(session, asked.conversation, actor=f"agent:{asked.by}", at=now(), way="command")
    if asked.json:
        print(json.dumps(shown, ensure_ascii=False, indent=2, default=str))
    elif asked.html:
        _write(asked.html, page(shown).encode())
    else:
        print("\n".join(lines(shown)))
    return 0


def _seal(asked: argparse.Namespace, settings: Settings, sessions: Sessions) -> int:
    journal = journal_of(settings)
    if journal is None or settings.audit_key is None:
        raise NoSigningKey("TICKETING_AUDIT_KEY is not set")
    key = private_key(settings.audit_key.get_secret_value())
    packed = sealed.make(sessions, journal, key, asked.conversation, rulebook=rules.load(), by=asked.by, at=now())
    _write(asked.sealed, packed)
    print(f"{asked.sealed}: {len(packed)} bytes")
    return 0


def _write(file: Path, content: bytes) -> None:
    """For the owner's eyes only, whole or not at all. Raises OSError."""
    draft = file.with_name(file.name + ".part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)


if __name__ == "__main__":
    sys.exit(main())

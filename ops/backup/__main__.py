"""`python -m ops.backup take|restore|list`: keep the system's state, and put it back.

  take [FOLDER]     while it runs; into $LAMPLIGHTER_HOME/backups unless told
  restore BACKUP    while it stands still; what is replaced is kept in $LAMPLIGHTER_HOME/replaced
  list [FOLDER]     the backups there are

A backup holds no keys: keep $LAMPLIGHTER_HOME/secrets.env somewhere else, for without it nobody can read a backup.
"""

import argparse
import os
import sys
from pathlib import Path

from ops import secrets
from ops.backup.manifest import Refused
from ops.backup.restore import restore
from ops.backup.take import known, take
from ops.progress import Progress


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m ops.backup", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=["take", "restore", "list"])
    parser.add_argument("folder", type=Path, nargs="?", help="where backups lie, or the backup to put back")
    asked = parser.parse_args(arguments)
    home = Path(os.environ.get("LAMPLIGHTER_HOME", "var")).resolve()
    environment = {**secrets.kept(home), **os.environ}
    into = (asked.folder or home / "backups").resolve()
    progress = Progress()
    try:
        if asked.command == "list":
            print("\n".join(map(str, known(into))) or f"no backup in {into}")
        elif asked.command == "take":
            made = take(home, into, environment, lambda words: progress.say("backup", words))
            progress.say("backup", f"done: {made}")
        elif asked.folder is None:
            raise Refused("Say which backup: make restore FROM=…; `make backups` lists those there are.")
        else:
            aside = restore(into, home, environment, lambda words: progress.say("restore", words))
            progress.say("restore", f"done; what was replaced lies in {aside}")
            progress.say(
                "restore", "start with `make run`: nothing goes out before the outside systems have been asked"
            )
    except Refused as error:
        progress.fail(str(error), what=f"No {'restore' if asked.command == 'restore' else 'backup'} was made")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m ticketing.talk_tracks [import | export | lint] [FOLDER]`: words between git and the database.

Without a word: `import`. `lint` needs neither database nor settings, and fails where it finds an error.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ticketing.commands import Sessions, run
from ticketing.db import now
from ticketing.rulebook.files import RulebookBroken
from ticketing.talk_tracks import commands
from ticketing.talk_tracks.files import TalkTrackFileError
from ticketing.talk_tracks.load import FILES

Work = Callable[..., list[str]]
WORK: dict[str, Work] = {"import": commands.bring_in, "export": commands.write_out}


def main(arguments: Sequence[str] = ()) -> int:
    asked = _parse(arguments)
    if asked.what == "lint":
        return _refused(lambda: _lint(asked.folder))
    return run(lambda _, sessions: _refused(lambda: _with_database(WORK[asked.what], asked.folder, sessions)))


def _refused(work: Callable[[], int]) -> int:
    """The exit code of `work`; 1, and why, where the files or the rules are wrong."""
    try:
        return work()
    except (TalkTrackFileError, RulebookBroken) as error:
        print(f"talk tracks not published: {error}", file=sys.stderr)
        return 1


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ticketing.talk_tracks", description=__doc__)
    parser.add_argument("what", nargs="?", choices=[*WORK, "lint"], default="import")
    parser.add_argument("folder", nargs="?", type=Path, default=FILES)
    return parser.parse_args(list(arguments))


def _lint(folder: Path) -> int:
    errors, said = commands.check(folder, at=now())
    print("\n".join(said))
    return 1 if errors else 0


def _with_database(work: Work, folder: Path, sessions: Sessions) -> int:
    with sessions.begin() as session:
        said = work(session, folder, at=now())
    print("\n".join(said))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

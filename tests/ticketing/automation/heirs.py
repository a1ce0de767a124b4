"""A parent for the succession tests: `python -m tests.ticketing.automation.heirs FILE [STATUS]`.

Each life writes a line, its executor id and those of its dead predecessors, and waits; with STATUS it ends with that.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from ticketing.automation import succession


def main() -> int:
    file, statuses = Path(sys.argv[1]), [int(each) for each in sys.argv[2:]]

    def live(executor: str, dead: Sequence[str]) -> int:
        with file.open("a") as out:
            out.write(" ".join([executor, *dead]) + "\n")
        if statuses:
            return statuses[0]
        time.sleep(600)
        return 0

    return succession.keep(live)


if __name__ == "__main__":
    sys.exit(main())

"""What a restore asks of ticketing: `python -m ticketing.recovery mark TAKEN | workers`, on `DATABASE_URL`.

mark TAKEN   bring the database to the newest revision, put up the fence, skip the numbers given since TAKEN (ISO 8601)
workers      the flow workers that are alive on it, one a line
"""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from ticketing.automation import leases
from ticketing.automation.models import Worker
from ticketing.automation.store import lease_sessions
from ticketing.db import connect, session_factory
from ticketing.migrate import MigrationRefused, upgrade_to_head
from ticketing.recovery.models import Restore
from ticketing.work_orders import numbers


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m ticketing.recovery", description=__doc__)
    doors = parser.add_subparsers(dest="command", required=True)
    doors.add_parser("mark").add_argument("taken", type=datetime.fromisoformat)
    doors.add_parser("workers")
    asked = parser.parse_args()
    url = os.environ["DATABASE_URL"]
    try:
        if asked.command == "workers":
            print("\n".join(alive(url, Path(os.environ.get("LAMPLIGHTER_HOME", "var")))))
        else:
            mark(url, taken=asked.taken, at=datetime.now(UTC))
    except MigrationRefused as error:
        print(error, file=sys.stderr)
        return 3
    except DBAPIError as error:
        print(f"the database cannot be used: {str(error.orig).splitlines()[0]}", file=sys.stderr)
        return 3
    return 0


def mark(url: str, *, taken: datetime, at: datetime) -> None:
    """Raises MigrationRefused."""
    upgrade_to_head(url)
    engine = connect(url)
    with session_factory(engine).begin() as session:
        session.add(Restore(taken_at=taken, restored_at=at))
        numbers.skip(session, since=taken, at=at)
    engine.dispose()


def alive(url: str, home: Path) -> list[str]:
    """The workers that beat; none where nobody ever worked (no table)."""
    with lease_sessions(url, home)() as session:
        if not inspect(session.connection()).has_table(Worker.__tablename__):
            return []
        return list(leases.alive(session, at=datetime.now(UTC)))


if __name__ == "__main__":
    sys.exit(main())

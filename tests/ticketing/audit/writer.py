"""A process that writes to the trail: `python -m tests.ticketing.audit.writer URL NAME THREADS COUNT DATA_KEY`.

Each thread commits COUNT records in transactions of one or two; every fifth transaction is rolled back.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from sqlalchemy.orm import Session, sessionmaker

from ticketing.audit.service import record
from ticketing.db import connect, session_factory
from ticketing.personal import vault

AT = datetime(2026, 11, 23, tzinfo=UTC)


def write(sessions: sessionmaker[Session], name: str, count: int) -> None:
    done = 0
    while done < count:
        with sessions() as session:
            wanted = min(1 + done % 2, count - done)
            for number in range(done, done + wanted):
                data, text = {"number": number}, f"{name} said {number}"
                record(session, kind="test", subject=f"writer:{name}", actor="test", data=data, at=AT, text=text)
            if done % 5 == 0:
                session.rollback()
                record(session, kind="test", subject=f"writer:{name}", actor="test", data={"number": done}, at=AT)
                wanted = 1
            session.commit()
        done += wanted


def main() -> None:
    url, name, threads, count, key = sys.argv[1:]
    vault.open(key)
    engine = connect(url)
    sessions = session_factory(engine)
    with ThreadPoolExecutor(int(threads)) as pool:
        for each in [pool.submit(write, sessions, f"{name}-{t}", int(count)) for t in range(int(threads))]:
            each.result()
    engine.dispose()


if __name__ == "__main__":
    main()

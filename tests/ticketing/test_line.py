"""Writers of one process come to the write lock in the order in which they asked, and nobody is forgotten."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from ticketing import db
from ticketing.db import connect, session_factory
from ticketing.line import Line

PATIENCE_S = 20.0


@contextmanager
def standing_in(line: Line, number: int, came: list[int]) -> Iterator[threading.Thread]:
    """A thread that waits in the line, and is known to wait."""

    def stand() -> None:
        assert line.enter(patience_s=PATIENCE_S)
        came.append(number)
        line.leave()

    thread = threading.Thread(target=stand)
    thread.start()
    while len(line._waiting) <= number:
        time.sleep(0.001)
    yield thread


def test_first_come_first_served() -> None:
    line = Line()
    came: list[int] = []
    waiting: list[threading.Thread] = []
    assert line.enter(patience_s=0)
    for number in range(20):
        with standing_in(line, number, came) as thread:
            waiting.append(thread)
    line.leave()
    for thread in waiting:
        thread.join()
    assert came == list(range(20))
    assert line.enter(patience_s=0)


def test_who_waits_too_long_goes_away_and_keeps_nobody_up() -> None:
    line = Line()
    assert line.enter(patience_s=0)
    assert not line.enter(patience_s=0.01)
    leaving = threading.Thread(target=line.leave)  # a request may end in another thread than it began in
    leaving.start()
    leaving.join()
    assert line.enter(patience_s=0)


def engine_of(folder: Path) -> Engine:
    engine = connect(f"sqlite:///{folder / 'a.db'}")
    with session_factory(engine).begin() as session:
        session.execute(text("CREATE TABLE counts (number INTEGER)"))
        session.execute(text("INSERT INTO counts VALUES (0)"))
    return engine


def test_a_crowd_writes_and_every_write_counts(tmp_path: Path) -> None:
    """Reading and writing it back in two statements: nobody else may be between them."""
    sessions = session_factory(engine_of(tmp_path))

    def count() -> None:
        for _ in range(10):
            with sessions.begin() as session:
                number = session.scalar(text("SELECT number FROM counts"))
                session.execute(text("UPDATE counts SET number = :next"), {"next": (number or 0) + 1})

    threads = [threading.Thread(target=count) for _ in range(25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with sessions() as session:
        assert session.scalar(text("SELECT number FROM counts")) == 250


def test_the_place_is_given_up_however_the_transaction_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line()
    monkeypatch.setattr(db, "Line", lambda: line)
    engine = engine_of(tmp_path)
    sessions = session_factory(engine)
    for wrong in ("SELECT nonsense", "INSERT INTO nowhere VALUES (1)"):
        try:
            with sessions.begin() as session:
                session.execute(text(wrong))
        except OperationalError:
            pass
    with engine.connect() as connection:  # twice on one connection: it holds the place already
        for _ in range(2):
            with connection.begin():
                connection.execute(text("UPDATE counts SET number = 7"))
    assert line.enter(patience_s=0)

"""Pictures are sealed, 0600, and only shown when they are what the robot saw."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.automation.conftest import Maker
from ticketing.automation import evidence
from ticketing.db import now

PICTURE = b"\x89PNG 138-0000-0000"


def test_a_picture_is_kept_sealed_and_shown_again(make: Maker, sessions: sessionmaker[Session], tmp_path: Path) -> None:
    order = make()
    with sessions.begin() as session:
        for picture in (b"the try before", PICTURE):
            evidence.keep(session, tmp_path, order=order, step="register", name="1.saved", picture=picture, at=now())
            session.flush()
        [row] = evidence.of_order(session, order)
        assert evidence.show(tmp_path, row) == PICTURE
    [file] = (tmp_path / "evidence" / order).iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "evidence").stat().st_mode & 0o777 == 0o700
    assert b"138-0000" not in file.read_bytes()


def test_a_picture_that_was_changed_is_not_shown(make: Maker, sessions: sessionmaker[Session], tmp_path: Path) -> None:
    order = make()
    with sessions.begin() as session:
        for name in ("1.a", "2.b"):
            evidence.keep(session, tmp_path, order=order, step="s", name=name, picture=name.encode(), at=now())
        session.flush()
        first, _ = evidence.of_order(session, order)
        folder = tmp_path / "evidence" / order
        (folder / "s.2.b.png.sealed").replace(folder / "s.1.a.png.sealed")
        with pytest.raises(ValueError, match="not the one that was taken"):
            evidence.show(tmp_path, first)

"""A backup is whole or is none; a restore goes to its end, goes on after a kill, or changes nothing and says why."""

import base64
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from ops.backup.__main__ import main
from ops.backup.manifest import NAME, Refused
from ops.backup.restore import restore
from ops.backup.take import known, take
from ops.checks import NotReady, no_restore_begun
from ops.home import RESTORING, hold
from ticketing.db import connect, session_factory
from ticketing.migrate import upgrade_to_head
from ticketing.recovery.models import Restore

KEYS = {
    name: base64.b64encode(name.encode().ljust(32)[:32]).decode()
    for name in ("TICKETING_DATA_KEY", "BOT_DATA_KEY", "ENGINE_DATA_KEY")
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data directory with a ticketing that stands at order 7 of today, a front door, and a picture."""
    folder = tmp_path / "var"
    folder.mkdir()
    upgrade_to_head(f"sqlite:///{folder / 'ticketing.db'}")
    with sqlite3.connect(folder / "bot.db") as bot:
        bot.execute("CREATE TABLE said (text)")
        bot.execute("INSERT INTO said VALUES ('yesterday')")
    (folder / "evidence" / "WO1").mkdir(parents=True)
    (folder / "evidence" / "WO1" / "1.png.sealed").write_bytes(b"picture")
    return folder


def silently(_: str) -> None:
    """Nobody listens."""


def go_on(home: Path) -> None:
    """Today happens."""
    with sqlite3.connect(home / "bot.db") as bot:
        bot.execute("UPDATE said SET text = 'today'")
    (home / "evidence" / "WO1" / "2.png.sealed").write_bytes(b"another")
    with sqlite3.connect(home / "engine.db") as engine:
        engine.execute("CREATE TABLE events (id)")


def said(folder: Path) -> str:
    with sqlite3.connect(folder / "bot.db") as bot:
        return str(bot.execute("SELECT text FROM said").fetchone()[0])


def taken(home: Path, tmp_path: Path) -> Path:
    return take(home, tmp_path / "backups", KEYS, silently)


def test_yesterday_comes_back_whole_and_today_is_kept_aside(home: Path, tmp_path: Path) -> None:
    backup = taken(home, tmp_path)
    assert known(tmp_path / "backups") == [backup]
    assert backup.stat().st_mode & 0o777 == 0o700
    go_on(home)
    aside = restore(backup, home, KEYS, silently)
    assert (said(home), said(aside)) == ("yesterday", "today")
    assert [file.name for file in (home / "evidence" / "WO1").iterdir()] == ["1.png.sealed"]
    assert (aside / "evidence" / "WO1" / "2.png.sealed").exists()
    assert not (home / "engine.db").exists()  # there was none yesterday
    assert (aside / "engine.db").exists()
    assert not list(home.glob("restor*"))


def test_the_gap_is_marked_and_no_number_of_it_is_given_again(home: Path, tmp_path: Path) -> None:
    backup = taken(home, tmp_path)
    restore(backup, home, KEYS, silently)
    with sqlite3.connect(home / "ticketing.db") as ticketing:
        assert ticketing.execute("SELECT last FROM work_order_numbers").fetchone()[0] >= 1000
    engine = connect(f"sqlite:///{home / 'ticketing.db'}")
    with session_factory(engine)() as session:
        (gap,) = session.query(Restore).all()
    assert gap.reconciled_at is None
    assert gap.taken_at < gap.restored_at


def test_a_backup_of_a_database_in_use_is_whole(home: Path, tmp_path: Path) -> None:
    writer = sqlite3.connect(home / "bot.db", isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("INSERT INTO said VALUES ('committed')")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO said VALUES ('not yet')")
    backup = taken(home, tmp_path)
    writer.close()
    with sqlite3.connect(backup / "bot.db") as copy:
        assert [row[0] for row in copy.execute("SELECT text FROM said")] == ["yesterday", "committed"]


@pytest.mark.parametrize("step", range(1, 6))
def test_killed_at_any_step_the_same_command_goes_on(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    backup = taken(home, tmp_path)
    go_on(home)
    done, real = 0, Path.rename

    def rename(self: Path, target: Path) -> Path:
        nonlocal done
        done += 1
        if done == step:
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(KeyboardInterrupt):
        restore(backup, home, KEYS, silently)
    monkeypatch.setattr(Path, "rename", real)
    with pytest.raises(NotReady, match="not finished"):
        no_restore_begun(home)
    aside = restore(backup, home, KEYS, silently)
    no_restore_begun(home)
    assert (said(home), said(aside)) == ("yesterday", "today")
    assert (aside / "engine.db").exists()
    assert (aside / "ticketing.db").exists()


def test_another_restore_waits_for_the_one_begun(home: Path, tmp_path: Path) -> None:
    backup = taken(home, tmp_path)
    note = {"backup": "/elsewhere", "laid_out": "-", "aside": "-", "comes": [], "goes": []}
    (home / RESTORING).write_text(json.dumps(note))
    with pytest.raises(Refused, match="FROM=/elsewhere"):
        restore(backup, home, KEYS, silently)


def test_a_damaged_file_is_named_and_nothing_changes(home: Path, tmp_path: Path) -> None:
    backup = taken(home, tmp_path)
    go_on(home)
    with (backup / "ticketing.db").open("r+b") as file:
        file.seek(5000)
        file.write(b"damage")
    with pytest.raises(Refused, match=r"ticketing\.db is damaged"):
        restore(backup, home, KEYS, silently)
    (backup / "bot.db").unlink()
    with pytest.raises(Refused, match=r"bot\.db is missing"):
        restore(backup, home, KEYS, silently)
    assert said(home) == "today"


def test_without_its_keys_a_backup_is_worth_nothing(home: Path, tmp_path: Path) -> None:
    backup = taken(home, tmp_path)
    with pytest.raises(Refused, match=r"another BOT_DATA_KEY: put back the secrets\.env"):
        restore(backup, home, {**KEYS, "BOT_DATA_KEY": "other"}, silently)
    assert KEYS["BOT_DATA_KEY"] not in (backup / NAME).read_text()


def test_nobody_may_be_at_work(home: Path, tmp_path: Path) -> None:
    backup = taken(home, tmp_path)
    program = f"from ops.home import hold; from pathlib import Path; hold(Path({str(home)!r})); input()"
    other = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, cwd=Path.cwd())
    try:
        while (handle := hold(home)) is not None:
            os.close(handle)
        with pytest.raises(Refused, match="is running"):
            restore(backup, home, KEYS, silently)
    finally:
        other.kill()
        other.wait()


def test_a_full_disk_leaves_no_half_backup(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ops.backup.take.shutil.copytree", full)
    with pytest.raises(Refused, match="No space left"):
        taken(home, tmp_path)
    assert not list((tmp_path / "backups").iterdir())


def test_the_commands_speak_to_operators(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LAMPLIGHTER_HOME", str(home))
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    assert main(["take"]) == 0
    (backup,) = known(home / "backups")
    assert main(["list"]) == 0
    assert str(backup) in capsys.readouterr().out
    assert main(["restore"]) == 2
    assert "Say which backup" in capsys.readouterr().err
    assert main(["restore", str(tmp_path / "nowhere")]) == 2
    assert "is no finished backup" in capsys.readouterr().err
    assert main(["restore", str(backup)]) == 0
    assert "nothing goes out before" in capsys.readouterr().out

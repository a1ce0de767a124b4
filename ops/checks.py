"""What must hold before anything is started; each failure says what to do."""

import os
import shutil
import socket
import sys
from pathlib import Path

import yaml

from ops.home import RESTORING

FREE_MB_NEEDED = 300


class NotReady(RuntimeError):
    """The start is refused; the message tells an operator why and what to do."""


def data_directory(home: Path) -> None:
    """`home` exists, can be written, and has room."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe = home / ".probe"
        probe.write_bytes(os.urandom(4096))
        probe.unlink()
    except OSError as error:
        raise NotReady(
            f"Cannot write to the data directory {home}: {error.strerror}. "
            "Free some space, or choose another with LAMPLIGHTER_HOME=/path make run."
        ) from error
    free = shutil.disk_usage(home).free // 2**20
    if free < FREE_MB_NEEDED:
        raise NotReady(
            f"Only {free} MB are free at {home}; {FREE_MB_NEEDED} MB are needed. "
            "Free some space, or choose another directory with LAMPLIGHTER_HOME=/path make run."
        )


def no_restore_begun(home: Path) -> None:
    """A restore that was killed half way is finished first: half of the data would be of another day."""
    if (home / RESTORING).exists():
        raise NotReady(
            f"A restore of {home} was begun and not finished. Run the same `make restore FROM=…` again; it goes on "
            "where it was."
        )


def port_free(host: str, port: int, setting: str) -> None:
    """Nobody listens on `port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise NotReady(
                f"Port {port} on {host} cannot be used ({error.strerror}). Stop what listens there "
                f"(`ss -ltnp | grep :{port}` names it), or choose another: {setting}={port + 1000} make run."
            ) from error


def yaml_files(root: Path) -> None:
    """Rasa's files can be read; a broken one is named with its line before anything trains on it."""
    files = [root / name for name in ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml")]
    for file in [*files, *sorted((root / "data").rglob("*.yml"))]:
        try:
            yaml.safe_load(file.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise NotReady(f"{file} is missing. Restore it: git checkout -- {file.name}") from error
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            mark = getattr(error, "problem_mark", None)
            place = f"{file}, line {mark.line + 1}, column {mark.column + 1}" if mark else str(file)
            problem = getattr(error, "problem", None) or error
            raise NotReady(f"{place} is not valid YAML: {problem}. Mend that line and start again.") from error


def main() -> int:
    """`python -m ops.checks`: can the files that training reads be read?"""
    try:
        yaml_files(Path(__file__).resolve().parent.parent)
    except NotReady as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

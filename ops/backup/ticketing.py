"""What ticketing must do for a restore, in a process of its own: folders meet on wires, not in imports."""

import os
import subprocess
import sys
from pathlib import Path

from ops.backup.manifest import Manifest, Refused

ROOT = Path(__file__).resolve().parents[2]


def mark_gap(address: str, held: Manifest) -> None:
    """Bring the restored database to the newest revision, put up the fence, and skip the numbers given in the gap."""
    _ask(address, "mark", held.taken_at.isoformat())


def workers_alive(address: str, home: Path) -> list[str]:
    return _ask(address, "workers", home=home).split()


def _ask(address: str, *words: str, home: Path | None = None) -> str:
    """Raises Refused with ticketing's own words."""
    environment = {**os.environ, "DATABASE_URL": address} | ({"LAMPLIGHTER_HOME": str(home)} if home else {})
    command = [sys.executable, "-m", "ticketing.recovery", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise Refused(done.stderr.strip()[-500:])
    return done.stdout

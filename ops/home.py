"""The data directory: who has it, and whether a restore left it half done. Read at every start: it imports little."""

import fcntl
import os
from pathlib import Path

LOCK = "in-use.lock"
RESTORING = "restoring.json"
"""Stands in it from a restore's first change of place to its last."""


def hold(home: Path) -> int | None:
    """Take the data directory for this process's life; None: another one has it. The kernel lets go at its death."""
    handle = os.open(home / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle

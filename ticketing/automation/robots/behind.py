"""A browser takes a core for seconds; the customers on the line come first.

Only the browser steps back, not the worker that drives it: a worker that holds the database's write lock and gets
no processor keeps every customer waiting (measured: replies that took more than 3 s, at a load of 10).
"""

import contextlib
import os
from pathlib import Path

NICE = 10


def step_back() -> None:
    """Lower the priority of this process's children; what they start inherits it. Without /proc nothing happens."""
    for file in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):  # the thread or the child has ended meanwhile
            for child in file.read_text().split():
                os.setpriority(os.PRIO_PROCESS, int(child), NICE)

"""Writers of one process stand in line for SQLite's only write lock, the first come first.

SQLite lets waiters ask again after 1, 2, 5 … 100 ms, each for itself: with thirty of them the lock is idle while they
sleep, and who has bad luck waits for seconds (a front door gives up after three). Here only the head of the line asks.
"""

import threading
from collections import deque


class Line:
    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    def enter(self, *, patience_s: float) -> bool:
        """Wait until everybody before has left; False when `patience_s` went by. May be left by another thread."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            bell = threading.Lock()
            bell.acquire()
            self._waiting.append(bell)
        if bell.acquire(timeout=patience_s):
            return True
        with self._guard:
            if bell not in self._waiting:
                return True  # rung in the last moment
            self._waiting.remove(bell)
            return False

    def leave(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

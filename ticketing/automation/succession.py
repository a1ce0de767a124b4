"""The parent of a worker: it has everything imported, so that who dies is followed within a moment.

What a worker imports takes seconds of a core (measured: 7), a fork takes none. The parent opens nothing, no database,
no port, no thread. It sees the death of its child at once and for certain, so the next one need not wait for six missed
beats to have the flows of the dead adopted. Killed itself, it takes its child along.
"""

import ctypes
import os
import signal
import socket
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from secrets import token_hex
from types import FrameType

import structlog

from ticketing.automation.life import ADOPTED_AWAY

PR_SET_PDEATHSIG = 1
REMEMBERED = 8
"""So many of the last dead are told to the next one: it may die too before it has written them down."""
BRIEF_S = 2.0
"""Who lives shorter than this is followed after a pause, so that one that cannot live does not take a core."""

log = structlog.get_logger("ticketing.automation.succession")

type Life = Callable[[str, Sequence[str]], int]
"""One worker's life, from its executor id and those of its dead predecessors; returns the exit status."""


def keep(live: Life) -> int:
    """Keep one worker alive until SIGTERM, SIGINT, or until it ends by itself; returns its exit status."""
    return _Parent(live).run()


class _Parent:
    def __init__(self, live: Life) -> None:
        self._live, self._child, self._is_ending = live, 0, False
        self._dead: deque[str] = deque(maxlen=REMEMBERED)

    def run(self) -> int:
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._end)
        while True:
            status, lived_s = self._one_life()
            died = status < 0 or status == ADOPTED_AWAY
            if self._is_ending or not died:
                return max(status, 0)
            log.error("worker_died", status=status, lived_s=round(lived_s, 1))
            if lived_s < BRIEF_S:
                time.sleep(1)

    def _one_life(self) -> tuple[int, float]:
        """Its exit status (negative: the signal that ended it), and how long it lived."""
        token, began, parent = token_hex(4), time.monotonic(), os.getpid()
        self._child = os.fork()
        if self._child == 0:
            self._be_born(token, parent)
        if self._is_ending:  # asked to end just before there was somebody to tell
            os.kill(self._child, signal.SIGTERM)
        _, status = os.waitpid(self._child, 0)
        self._dead.append(_executor(self._child, token))
        self._child = 0
        return os.waitstatus_to_exitcode(status), time.monotonic() - began

    def _be_born(self, token: str, parent: int) -> None:
        """In the child; never returns."""
        status = 1
        try:
            ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            for each in (signal.SIGTERM, signal.SIGINT):
                signal.signal(each, signal.SIG_DFL)
            if os.getppid() == parent:  # else it died before the leash was on
                status = self._live(_executor(os.getpid(), token), list(self._dead))
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        except BaseException:  # the parent's frames are not ours to unwind into
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._is_ending = True
        if self._child:
            os.kill(self._child, signal.SIGTERM)


def _executor(pid: int, token: str) -> str:
    return f"{socket.gethostname()[:30]}-{pid}-{token}"

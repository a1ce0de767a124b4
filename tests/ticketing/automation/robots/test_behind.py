"""The browser steps back, the worker that holds the write lock does not."""

import os
import subprocess
import sys

import pytest

from ticketing.automation.robots.behind import NICE, step_back


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="no /proc on this machine")  # noqa: PTH112
def test_what_was_started_steps_back_and_this_process_does_not() -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        step_back()
        assert os.getpriority(os.PRIO_PROCESS, child.pid) == NICE
        assert os.getpriority(os.PRIO_PROCESS, 0) == before
        child.communicate(b"\n")
    step_back()  # nobody is left

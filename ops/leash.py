"""Run one part with only its own environment, and take it down when the supervisor dies.

    python -m ops.leash BOT_,REDIS_URL -- uvicorn bot.main:app --factory

The kernel sends SIGTERM to the part when its parent is gone (prctl PR_SET_PDEATHSIG, which survives exec), so not even
a SIGKILL of the supervisor leaves an orphan.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
EVERYTHING = "*"
COMMON = (
    "LAMPLIGHTER_",
    "PATH",
    "HOME",
    "LANG",
    "LC_",
    "TZ",
    "TMPDIR",
    "USER",
    "PYENV_",
    "SSL_CERT",
    "COVERAGE_",
    "PYTHON",
)


def environment(whole: dict[str, str], prefixes: tuple[str, ...]) -> dict[str, str]:
    """What a part may see of `whole`: everybody's variables, and those with one of its `prefixes` (`*`: all)."""
    if prefixes == (EVERYTHING,):
        return whole
    return {name: value for name, value in whole.items() if name.startswith(COMMON + prefixes)}


def main() -> None:
    prefixes, _, *command = sys.argv[1:]
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before the leash was on
        sys.exit(1)
    os.execvpe(command[0], command, environment(dict(os.environ), tuple(prefixes.split(","))))


if __name__ == "__main__":
    main()

"""What an operator reads while Lamplighter starts and runs: one line an event, with the seconds since the start."""

import sys
import time


class Progress:
    def __init__(self) -> None:
        self._start = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._start

    def say(self, part: str, words: str) -> None:
        print(f"{self.seconds:6.1f}s  {part:<10} {words}", flush=True)

    def fail(self, words: str, *, what: str = "Lamplighter cannot start") -> None:
        print(f"\n{what}: {words}\n", file=sys.stderr, flush=True)

"""A process that erases and says so after each batch: `python -m tests.ticketing.retention.eraser URL ID HOME KEY`."""

import sys
import time
from pathlib import Path

from ticketing.db import connect, session_factory
from ticketing.personal import vault
from ticketing.retention import clearing, erasing
from ticketing.retention.stores import stores


def main() -> None:
    url, number, home, key = sys.argv[1:]
    vault.open(key)
    clearing.clear.__kwdefaults__["batch"] = 5  # type: ignore[index]
    pause = time.sleep

    def told(seconds: float) -> None:
        print("batch", flush=True)
        pause(0.05)

    time.sleep = told  # type: ignore[assignment]
    erasing.proceed(session_factory(connect(url)), int(number), stores(Path(home)))
    print("done", flush=True)
    pause(60)


if __name__ == "__main__":
    main()

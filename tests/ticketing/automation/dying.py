"""A worker process for the adoption tests: `python -m tests.ticketing.automation.dying URL EXECUTOR FILE`.

It runs the flow `slow`, which writes a line for each time that it does a step, and waits for a bell.
"""

import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ticketing.automation.dbos_worker import DbosWorker
from ticketing.automation.port import Flow, Run
from ticketing.automation.store import open_store


def slow(file: Path) -> Flow:
    def note(words: str) -> str:
        with file.open("a") as out:
            out.write(f"{words}\n")
        return words

    async def flow(run: Run, facts: Mapping[str, Any]) -> None:
        await run.step("first", lambda: note(f"first {facts['name']}"))
        bell = await run.bell(until=datetime.now(UTC) + timedelta(seconds=facts["wait_s"]))
        await run.step("second", lambda: note(f"second {bell}"))

    return flow


def worker(url: str, executor: str, file: Path) -> DbosWorker:
    return DbosWorker(open_store(url), executor=executor, flows={"slow": slow(file)})


if __name__ == "__main__":
    worker(sys.argv[1], sys.argv[2], Path(sys.argv[3])).launch()
    print("up", flush=True)
    time.sleep(600)

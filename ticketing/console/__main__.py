"""`python -m ticketing.console --port 8030`: serve the console, on loopback; people reach it through ticketing."""

import argparse
import sys

import uvicorn
from pydantic import ValidationError

from ticketing.console.app import build
from ticketing.console.config import Settings


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m ticketing.console", description=__doc__)
    parser.add_argument("--port", type=int, default=8030)
    asked = parser.parse_args()
    try:
        settings = Settings()
    except ValidationError as error:
        missing = ", ".join(f"CONSOLE_{str(each['loc'][0]).upper()}" for each in error.errors())
        print(f"the console cannot start, settings missing or wrong: {missing}", file=sys.stderr)
        return 2
    uvicorn.run(
        build(settings),
        host="127.0.0.1",
        port=asked.port,
        log_level="warning",
        access_log=False,
        forwarded_allow_ips="127.0.0.1",
        timeout_graceful_shutdown=5,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The operator's door: `python -m ticketing.automation worker | list | show | retry | replay | reconciled`."""

import argparse
import sys

from pydantic import ValidationError

from ticketing.commands import wrong_settings
from ticketing.config import Settings


def main() -> int:
    asked = _parser().parse_args()
    try:
        settings = Settings()
    except ValidationError as error:
        print(f"the flows cannot start, {wrong_settings(error)}", file=sys.stderr)
        return 2
    if asked.command == "worker":
        from ticketing.automation import worker  # noqa: PLC0415  (a command needs no engine, a worker no commands)

        return worker.run(settings, host=asked.host, port=asked.port)
    from ticketing.automation import commands  # noqa: PLC0415

    return commands.run(settings, asked)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ticketing.automation", description=__doc__)
    doors = parser.add_subparsers(dest="command", required=True)
    run = doors.add_parser("worker", help="run flows until SIGTERM")
    run.add_argument("--host", default="127.0.0.1")
    run.add_argument("--port", type=int, default=8010, help="where GET /health answers")
    doors.add_parser("list", help="orders whose flow is not over, and who has them")
    doors.add_parser(
        "reconciled", help="after a restore: you have looked at the outside systems yourself, let work go on"
    )
    for name, words in (
        ("show", "the timeline of an order: its states, steps, promises, pictures"),
        ("retry", "try again what failed or was refused, now"),
        ("replay", "run the flow again from its start (or from a step); what was done is not done again"),
    ):
        one = doors.add_parser(name, help=words)
        one.add_argument("order", help="WO…")
        if name == "replay":
            one.add_argument("--from", dest="step", help="a step that `show` lists")
    return parser


if __name__ == "__main__":
    sys.exit(main())

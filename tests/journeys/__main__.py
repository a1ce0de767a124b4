"""`python -m tests.journeys FILE.yml…`: play journeys against the running system, one JSON line last."""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import httpx

from tests.journeys.call import CallDoor
from tests.journeys.placeholders import filled
from tests.journeys.script import BadScript, Expectation, Journey, Turn, names, read
from tests.journeys.system import System
from tests.journeys.verdict import Outcome, judge
from tests.journeys.web import WebDoor

WORDS = ("words", "not_words")


class Door(Protocol):
    """How a journey's customer reaches the bot: each turn, what was said or done in it, what it led to."""

    conversation: str

    def outcomes(self) -> Iterator[tuple[Turn, str, Outcome]]: ...


def play(journey: Journey, system: System) -> list[str]:
    """Play `journey`; what went wrong, turn by turn."""
    if journey.agents_on_duty is not None:
        system.put_agents_on_duty(journey.agents_on_duty)
    door: Door = CallDoor(system, journey) if journey.channel == "call" else WebDoor(system, journey)
    wrong: list[str] = []
    number = 0
    try:
        for number, (turn, act, outcome) in enumerate(door.outcomes(), start=1):
            wrong += [f"turn {number} ({act}): {complaint}" for complaint in judge(_known(turn, system, door), outcome)]
    except (httpx.HTTPError, ValueError, OSError) as error:
        wrong.append(f"turn {number + 1}: {type(error).__name__}: {error}")
    finally:
        if journey.agents_on_duty is False:
            system.put_agents_on_duty(True)
    return wrong


def _known(turn: Turn, system: System, door: Door) -> Expectation:
    """The expectation of `turn`, with placeholders in its words replaced."""
    expected = turn.expect
    words = {part: [filled(it, system, door.conversation) for it in names(getattr(expected, part))] for part in WORDS}
    return expected.model_copy(update=words)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="journey files (their format: tests/journeys/README.md)")
    parser.add_argument("--only", help="play the journeys whose name contains this")
    arguments = parser.parse_args()
    try:
        journeys = [journey for file in arguments.files for journey in read(file)]
    except BadScript as error:
        print(error, file=sys.stderr)
        return 2
    journeys = [journey for journey in journeys if (arguments.only or "") in journey.journey]
    system = System.from_environment()
    if missing := system.missing():
        print(f"The system is not up: {missing}. Start it with make run.", file=sys.stderr)
        return 2
    passed = 0
    for journey in journeys:
        started = time.monotonic()
        wrong = play(journey, system)
        passed += not wrong
        print(f"{'ok  ' if not wrong else 'FAIL'} {time.monotonic() - started:5.1f}s  {journey.journey}", flush=True)
        for complaint in wrong:
            print(f"        {complaint}", flush=True)
    turns = sum(len(journey.turns) for journey in journeys)
    print(json.dumps({"journeys": len(journeys), "passed": passed, "failed": len(journeys) - passed, "turns": turns}))
    return 0 if passed == len(journeys) else 1


if __name__ == "__main__":
    sys.exit(main())

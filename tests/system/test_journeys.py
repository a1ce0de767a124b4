"""Every journey, played against the real system by the real runner."""

from pathlib import Path

import pytest

from tests.journeys.__main__ import play
from tests.journeys.script import Journey, read
from tests.stack import Stack

JOURNEYS = [journey for file in sorted(Path("tests/journeys").glob("*.yml")) for journey in read(file)]


@pytest.mark.timeout(600)  # the first one waits for the system's start
@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.journey)
def test_journey(journey: Journey, stack: Stack) -> None:
    assert not play(journey, stack.system)

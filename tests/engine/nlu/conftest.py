"""What the rules make of a sentence on Monday, 23 November 2026: `heard(said)` gives sorted (entity, value) pairs."""

from datetime import date

import pytest

from bot.engine.nlu.entities import extract

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def heard():
    def read(said, expected=None):
        found = extract(said, today=TODAY, expected=expected).as_rasa("rules")
        return sorted((item["entity"], item["value"]) for item in found)

    return read

"""The conversation of the replay's tests, scored."""

from tests.ticketing.conversations.conftest import on_duty, words
from tests.ticketing.replay.conftest import whole

__all__ = ["on_duty", "whole", "words"]

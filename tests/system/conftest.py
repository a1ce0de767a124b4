"""One running system for the tests of this folder: it takes half a minute to start."""

from collections.abc import Iterator

import pytest

from tests.stack import Stack, running


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    # The spoken journeys are heard by the recogniser that was measured on Mandarin, whatever else is installed.
    with running(tmp_path_factory.mktemp("system"), VOICE_RECOGNISER="whisper") as stack:
        yield stack

import asyncio
import base64
import sqlite3

import pytest
from cryptography.exceptions import InvalidTag
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.config import EngineError
from bot.engine.tracker_store import EncryptedTrackerStore

KEY = base64.b64encode(b"k" * 32).decode()
OTHER = base64.b64encode(b"o" * 32).decode()


def store(path, key=KEY):
    return EncryptedTrackerStore(domain=Domain.empty(), host=f"sqlite:///{path}", data_key=key)


def remember(path):
    tracker = DialogueStateTracker.from_events(
        "c-1", [ActionExecuted("action_listen"), UserUttered("我家在中山二路8号")]
    )
    asyncio.run(store(path).save(tracker))


def test_a_conversation_comes_back_as_it_was(tmp_path):
    remember(tmp_path / "e.db")
    found = asyncio.run(store(tmp_path / "e.db").retrieve("c-1"))
    assert found.latest_message.text == "我家在中山二路8号"


def test_nothing_that_was_said_is_readable_in_the_file(tmp_path):
    remember(tmp_path / "e.db")
    rows = sqlite3.connect(tmp_path / "e.db").execute("select data from events").fetchall()
    assert rows
    assert all("中山" not in data and "text" not in data and "\\u4e2d" not in data for (data,) in rows)


def test_another_key_opens_nothing(tmp_path):
    remember(tmp_path / "e.db")
    with pytest.raises(InvalidTag):
        asyncio.run(store(tmp_path / "e.db", OTHER).retrieve("c-1"))


def test_a_bad_key_is_refused_in_words(tmp_path):
    with pytest.raises(EngineError, match="32 bytes"):
        store(tmp_path / "e.db", base64.b64encode(b"short").decode())
    with pytest.raises(EngineError, match="base64"):
        store(tmp_path / "e.db", "not base64 !")

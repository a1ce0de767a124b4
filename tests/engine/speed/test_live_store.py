"""The store appends only, sees what others write, and never answers from a memory that the store does not bear out."""

import asyncio
import base64
import sqlite3

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.speed import live_store
from bot.engine.speed.live_tracker import LiveTracker
from bot.engine.speed.lookback import Lookback
from bot.engine.tracker_store import EncryptedTrackerStore

KEY = base64.b64encode(b"k" * 32).decode()
DOMAIN = Domain.from_dict({"slots": {"account_number": {"type": "text", "mappings": [{"type": "custom"}]}}})


@pytest.fixture
def open_store(tmp_path):
    """Stores of several workers over one file."""

    def worker():
        store = EncryptedTrackerStore(domain=DOMAIN, host=f"sqlite:///{tmp_path / 'e.db'}", data_key=KEY)
        store.lookback = Lookback(states=5)
        return store

    return worker


def turn(text, *more):
    return [
        UserUttered(text, {"name": "inform"}),
        ActionExecuted("action_answer"),
        *more,
        ActionExecuted("action_listen"),
    ]


def hear(store, *events):
    """One turn, as Rasa's processor does it."""

    async def take():
        tracker = await store.get_or_create_tracker("c-1")
        tracker.update_with_events(list(events), DOMAIN)
        await store.save(tracker)
        return tracker

    return asyncio.run(take())


def heard(store):
    """All that was said, from the store itself."""
    tracker = asyncio.run(store.retrieve_full_tracker("c-1"))
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


def test_the_stored_history_stays_whole_and_the_tracker_short(open_store):
    store = open_store()
    hear(store, *turn("0", SlotSet("account_number", "0602")))
    for number in range(1, 50):
        tracker = hear(store, *turn(str(number)))
    assert heard(store) == [str(number) for number in range(50)]
    assert len(tracker.events) < 20
    assert tracker.get_slot("account_number") == "0602"


def test_a_worker_sees_what_another_wrote_meanwhile(open_store):
    one, other = open_store(), open_store()
    hear(one, *turn("a"))
    hear(other, *turn("b", SlotSet("account_number", "0602")))
    assert hear(one, *turn("c")).get_slot("account_number") == "0602"
    hear(other, *turn("d"))
    assert heard(one) == heard(open_store()) == ["a", "b", "c", "d"]


def test_of_two_that_write_at_once_the_later_is_refused_and_may_ask_again(open_store):
    one, other = open_store(), open_store()
    hear(one, *turn("a"))
    mine = asyncio.run(one.retrieve("c-1"))
    hear(other, *turn("b", SlotSet("account_number", "0602")))
    mine.update_with_events(turn("c"), DOMAIN)
    with pytest.raises(live_store.TrackerMoved):
        asyncio.run(one.save(mine))
    assert heard(one) == ["a", "b"]
    assert hear(one, *turn("c")).get_slot("account_number") == "0602"
    assert heard(one) == ["a", "b", "c"]


def test_a_message_is_known_after_its_events_were_folded_away(open_store):
    store = open_store()
    for number in range(20):
        first, *rest = turn(str(number))
        first.message_id = f"m-{number}"
        tracker = hear(store, first, *rest)
    kept = {event.message_id for event in tracker.events if isinstance(event, UserUttered)}
    assert "m-0" in tracker.folded_messages and "m-0" not in kept
    assert {f"m-{number}" for number in range(20)} <= kept | tracker.folded_messages


def test_a_turn_that_failed_leaves_no_trace(open_store):
    store = open_store()
    hear(store, *turn("a"))
    asyncio.run(store.retrieve("c-1")).update(UserUttered("never answered"))
    assert asyncio.run(store.retrieve("c-1")).latest_message.text == "a"


def test_an_erased_conversation_is_not_remembered(open_store, tmp_path):
    store = open_store()
    hear(store, *turn("a"))
    with sqlite3.connect(tmp_path / "e.db") as database:
        database.execute("delete from events")
    assert asyncio.run(store.retrieve("c-1")) is None


def test_after_a_new_session_only_that_session_is_the_tracker(open_store):
    one, other = open_store(), open_store()
    hear(one, *turn("a"))
    hear(other, ActionExecuted("action_session_start"), SessionStarted(), *turn("b"))
    texts = [event.text for event in asyncio.run(one.retrieve("c-1")).events if isinstance(event, UserUttered)]
    assert texts == ["b"]
    assert heard(one) == ["a", "b"]


def test_a_tracker_of_rasas_own_is_saved_as_rasa_does(open_store):
    store = open_store()
    hear(store, *turn("a"))
    whole = asyncio.run(store.retrieve_full_tracker("c-1"))
    assert not isinstance(whole, LiveTracker)
    whole.update_with_events(turn("b"), DOMAIN)
    asyncio.run(store.save(whole))
    assert heard(store) == ["a", "b"]
    assert asyncio.run(store.retrieve("c-1")).latest_message.text == "b"


def test_only_so_many_conversations_are_kept(open_store, monkeypatch):
    monkeypatch.setattr(live_store, "KEPT_TRACKERS", 2)
    store = open_store()

    async def begin(sender):
        tracker = LiveTracker(sender, DOMAIN.slots)
        tracker.update_with_events(turn("a"), DOMAIN)
        await store.save(tracker)

    for sender in ("c-1", "c-2", "c-3"):
        asyncio.run(begin(sender))
    assert list(store._live) == ["c-2", "c-3"]
    assert isinstance(asyncio.run(store.retrieve("c-1")), DialogueStateTracker)


def test_a_turn_asks_once_what_others_have_stored(open_store):
    ours, other = open_store(), open_store()
    hear(ours, *turn("一"))
    hear(other, *turn("二"))
    with ours.turn("c-1"):
        found = asyncio.run(ours.retrieve("c-1"))
        assert [event.text for event in found.events if isinstance(event, UserUttered)] == ["一", "二"]
        hear(other, *turn("三"))  # a lock was lost
        assert asyncio.run(ours.retrieve("c-1")) is found
        found.update_with_events(turn("四"), DOMAIN)
        with pytest.raises(live_store.TrackerMoved):
            asyncio.run(ours.save(found))
    hear(ours, *turn("四"))
    assert heard(ours) == ["一", "二", "三", "四"]

"""Rasa's SQL tracker store, save that it reads and writes only what is new.

The trackers of the last conversations stay in the process. Each turn asks the store for what came after the last event
that the tracker knows, that event included: so the writes of another worker or of `POST tracker/events` are seen, and
a conversation that was erased is noticed. A tracker that was changed and not saved (its turn failed) is read anew.

A turn is remembered only if nobody else changed the conversation since it was read: a lock can be lost (a process that
stood still for longer than its place lives, a Redis that came back empty), and Rasa's store would then drop events of
the later turn without a word.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from contextlib import contextmanager
from itertools import islice
from typing import Any, Dict, Iterator, List, Optional

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import Event, SessionStarted, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.speed.live_tracker import LiveTracker
from bot.engine.speed.lookback import Lookback
from bot.engine.speed.patch import known

KEPT_TRACKERS = 256
"""Conversations; one takes about 100 kB."""

known(SQLTrackerStore.save, "57165e46eab3de08")
known(SQLTrackerStore._retrieve, "c8adbf6f4b61ddd1")


class TrackerMoved(Exception):
    """Another turn of this conversation was remembered meanwhile; this one is not, and may be asked again."""


class LiveStore(SQLTrackerStore):
    """`lookback` is set once the model is known; until then trackers are whole."""

    lookback: Optional[Lookback] = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._live: "OrderedDict[str, LiveTracker]" = OrderedDict()
        self._turns: Dict[str, bool] = {}
        """Conversations whose turn is under way, and whether it has asked the store already."""
        # Rasa's index finds a conversation's rows, this one their end.
        sa.Index("events_of_conversation", self.SQLEvent.sender_id, self.SQLEvent.id).create(
            self.engine, checkfirst=True
        )

    def init_tracker(self, sender_id: str) -> LiveTracker:
        tracker = LiveTracker(sender_id, self.domain.slots, max_event_history=self.max_event_history)
        tracker.lookback = self.lookback
        return tracker

    @contextmanager
    def turn(self, sender_id: str) -> Iterator[None]:
        """While a turn holds the conversation's lock, what it has read once is not asked for again.

        Should the lock be lost meanwhile, `save` finds out (TrackerMoved).
        """
        self._turns[sender_id] = False
        try:
            yield
        finally:
            del self._turns[sender_id]

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """The tracker of the conversation's latest session."""
        tracker = self._live.pop(sender_id, None)
        if tracker is None or not (self._is_known_to_be_new(tracker) or self._catch_up(tracker)):
            tracker = self._read(sender_id)
        if sender_id in self._turns:
            self._turns[sender_id] = True
        if tracker is not None:
            self._keep(tracker)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append the tracker's new events; one that did not come from here is saved as Rasa does.

        Raises TrackerMoved, and then nothing is appended.
        """
        if not isinstance(tracker, LiveTracker):
            await super().save(tracker)
            self._live.pop(tracker.sender_id, None)
            return
        new = list(islice(tracker.events, tracker.stored, None))
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, new, tracker.sender_id)
        if not new:
            return
        self._live.pop(tracker.sender_id, None)  # until it is stored
        self._append(tracker, new)
        tracker.fold(self.domain)
        self._keep(tracker)

    def _keep(self, tracker: LiveTracker) -> None:
        self._live[tracker.sender_id] = tracker
        self._live.move_to_end(tracker.sender_id)
        while len(self._live) > KEPT_TRACKERS:
            self._live.popitem(last=False)

    def _is_known_to_be_new(self, tracker: LiveTracker) -> bool:
        return self._turns.get(tracker.sender_id, False) and len(tracker.events) == tracker.stored

    def _catch_up(self, tracker: LiveTracker) -> bool:
        """Learn what others have stored meanwhile; False when this tracker is of no use any more."""
        if len(tracker.events) != tracker.stored:
            return False
        with self.session_scope() as session:
            rows = session.execute(self._since(tracker, self.SQLEvent.id, self.SQLEvent.data)).all()
        if not rows or rows[0].id != tracker.last_row:
            return False
        events = deserialise_events([json.loads(row.data) for row in rows[1:]])
        if any(isinstance(event, SessionStarted) for event in events):
            return False
        for event in events:
            tracker.update(event, self.domain)
        tracker.stored, tracker.last_row = len(tracker.events), rows[-1].id
        return True

    def _read(self, sender_id: str) -> Optional[LiveTracker]:
        """The latest session from the store, whole."""
        with self.session_scope() as session:
            rows = self._event_query(session, sender_id, fetch_events_from_all_sessions=False).all()
        if not rows:
            return None
        tracker = self.init_tracker(sender_id)
        for event in deserialise_events([json.loads(row.data) for row in rows]):
            tracker.update(event)
        tracker.stored, tracker.last_row = len(tracker.events), rows[-1].id
        tracker.fold(self.domain)
        return tracker

    def _append(self, tracker: LiveTracker, new: List[Event]) -> None:
        """Store events. Raises TrackerMoved when somebody else has stored some that this tracker does not know."""
        with self.session_scope() as session:
            self._alone(session, tracker.sender_id)
            session.execute(sa.insert(self.SQLEvent.__table__), [self._row(tracker.sender_id, event) for event in new])
            ids = [
                row.id for row in session.execute(self._since(tracker, self.SQLEvent.id)) if row.id > tracker.last_row
            ]
            if len(ids) != len(new):
                session.rollback()
                raise TrackerMoved(f"conversation '{tracker.sender_id}' was changed by another turn")
            session.commit()
        tracker.stored, tracker.last_row = len(tracker.events), ids[-1]

    def _alone(self, session: Any, sender_id: str) -> None:
        """In PostgreSQL two appending transactions would not see each other; in SQLite the first row shuts the door."""
        if self.engine.dialect.name == "postgresql":
            session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext(:sender))"), {"sender": sender_id})

    def _since(self, tracker: LiveTracker, *columns: Any) -> Any:
        """A query for the rows from the last one that the tracker knows. Columns, not objects: a third of the time."""
        known_or_new = (self.SQLEvent.sender_id == tracker.sender_id, self.SQLEvent.id >= tracker.last_row)
        return sa.select(*columns).where(*known_or_new).order_by(self.SQLEvent.id)

    def _row(self, sender_id: str, event: Event) -> Dict[str, Any]:
        data = event.as_dict()
        return {
            "sender_id": sender_id,
            "type_name": event.type_name,
            "timestamp": data.get("timestamp"),
            "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
            "action_name": data.get("name"),
            "data": json.dumps(data),
        }

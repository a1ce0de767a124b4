"""A turn is remembered only if nobody else changed the conversation since it was read.

A lock can be lost (a process that stood still for longer than its place lives, a Redis that came back empty), and
Rasa's store would then drop events of the later turn without a word: it counts what is stored and writes what goes
beyond that number. Here the tracker carries the id of the last event it was read with, and the transaction that
appends checks it.
"""

from __future__ import annotations

import json
from typing import Any, Optional

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker


class TrackerMoved(Exception):
    """Another turn of this conversation was remembered meanwhile; this one is not, and may be asked again."""


class FencedTrackerStore(SQLTrackerStore):
    """Rasa's SQL tracker store, with an optimistic check at each save."""

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> Optional[DialogueStateTracker]:
        with self.session_scope() as session:
            newest = self._newest(session, sender_id)  # before the events: what comes between makes us cautious
        tracker = await super()._retrieve(sender_id, fetch_events_from_all_sessions)
        if tracker is not None:
            tracker.newest_event = newest
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append the tracker's new events. Raises TrackerMoved, and then nothing is appended."""
        await self.stream_events(tracker)
        with self.session_scope() as session:
            self._alone(session, tracker.sender_id)
            rows = [self._row(tracker.sender_id, event) for event in self._additional_events(session, tracker)]
            if not rows:
                return
            session.add_all(rows)
            session.flush()
            before = self._newest(session, tracker.sender_id, before=min(row.id for row in rows))
            if before != getattr(tracker, "newest_event", None):
                session.rollback()
                raise TrackerMoved(f"conversation '{tracker.sender_id}' was changed by another turn")
            newest = max(row.id for row in rows)
            session.commit()
        tracker.newest_event = newest

    def _newest(self, session: Any, sender_id: str, before: Optional[int] = None) -> Optional[int]:
        query = session.query(sa.func.max(self.SQLEvent.id)).filter(self.SQLEvent.sender_id == sender_id)
        if before is not None:
            query = query.filter(self.SQLEvent.id < before)
        return query.scalar()

    def _alone(self, session: Any, sender_id: str) -> None:
        """In PostgreSQL two appending transactions would not see each other; in SQLite the first row shuts the door."""
        if self.engine.dialect.name == "postgresql":
            session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext(:sender))"), {"sender": sender_id})

    def _row(self, sender_id: str, event: Any) -> Any:
        data = event.as_dict()
        return self.SQLEvent(
            sender_id=sender_id,
            type_name=event.type_name,
            timestamp=data.get("timestamp"),
            intent_name=data.get("parse_data", {}).get("intent", {}).get("name"),
            action_name=data.get("name"),
            data=json.dumps(data),
        )

"""A message that the dialogue has stepped over already: the tracker itself tells what was answered.

The front door asks again when it cannot know whether a turn came to its end (a process was killed, a connection
broke). Rasa remembers a turn whole or not at all, so a message id in the tracker means: done. Its answer is read off
the tracker again, and the dialogue does not move.
"""

from __future__ import annotations

from itertools import takewhile
from typing import Any, Dict, List, NamedTuple, Optional

from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.action_failures import failed


class Answered(NamedTuple):
    """What one turn did, as remembered: the tracker as it stood at its end, what was said, which actions failed."""

    tracker: DialogueStateTracker
    said: List[Dict[str, Any]]
    failures: List[str]


def answered(tracker: Optional[DialogueStateTracker], message_id: str) -> Optional[Answered]:
    """The turn of `message_id`; None when it has not been stepped yet."""
    if tracker is None or not message_id:
        return None
    events = list(tracker.events)
    start = next((place for place in reversed(range(len(events))) if is_message(events[place], message_id)), None)
    if start is None:
        return None
    turn = list(takewhile(lambda event: not isinstance(event, UserUttered), events[start + 1 :]))
    end = start + 1 + len(turn)
    then = tracker if end == len(events) else as_it_was(tracker, events[:end])
    said = [event.message() for event in turn if isinstance(event, BotUttered)]
    return Answered(then, said, failed(events[start].metadata))


def is_message(event: Event, message_id: str) -> bool:
    return isinstance(event, UserUttered) and event.message_id == message_id


def as_it_was(tracker: DialogueStateTracker, events: List[Event]) -> DialogueStateTracker:
    return DialogueStateTracker.from_events(tracker.sender_id, events, tracker.slots.values())

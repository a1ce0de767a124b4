"""Rasa swallows a failed custom action and says nothing. Here the failure is remembered for the turn it happened in,
so that the channel can tell the front door, which apologises and calls a person."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Dict, Iterator, List, Optional

import rasa.core.actions.action as rasa_actions
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.shared.core.trackers import DialogueStateTracker

FAILED_ACTIONS = "failed_actions"  # key in the metadata of the customer's message, in the tracker

_failures: ContextVar[Optional[List[str]]] = ContextVar("action_failures", default=None)


@contextmanager
def failures_of_this_turn() -> Iterator[List[str]]:
    """Names of the actions that failed while the block ran."""
    names: List[str] = []
    token = _failures.set(names)
    try:
        yield names
    finally:
        _failures.reset(token)


def watch_remote_actions(*, timeout_s: int) -> None:
    """Give Rasa's calls to the action server a human time-out and let their failures be seen. Once per process."""
    rasa_actions.DEFAULT_REQUEST_TIMEOUT = timeout_s
    run = RemoteAction.run
    if getattr(run, "watched", False):
        return

    async def watched(
        self: RemoteAction, output_channel: Any, nlg: Any, tracker: Any, domain: Any, *args: Any, **kwargs: Any
    ) -> Any:
        try:
            return await run(self, output_channel, nlg, tracker, domain, *args, **kwargs)
        except ActionExecutionRejection:  # a form that steps back: no failure
            raise
        except Exception:
            names = _failures.get()
            if names is not None:
                names.append(self.name())
            remember(tracker, self.name())
            raise

    watched.watched = True  # type: ignore[attr-defined]
    RemoteAction.run = watched  # type: ignore[method-assign]


def remember(tracker: DialogueStateTracker, action: str) -> None:
    """Note the failure beside the customer's message, which is not stored yet: asked again, it has failed again."""
    message = tracker.latest_message
    if message is not None:
        message.metadata = {**(message.metadata or {}), FAILED_ACTIONS: [*failed(message.metadata), action]}


def failed(metadata: Optional[Dict[str, Any]]) -> List[str]:
    """The actions that failed in a message's turn, from its metadata."""
    return list((metadata or {}).get(FAILED_ACTIONS) or [])

"""The base of every action: a turn in, talk tracks and events out; a dead backend becomes an apology and a person."""

import logging
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import handoff, home, soothing
from actions.backend import Backend, BackendError
from actions.turn import Turn

logger = logging.getLogger(__name__)


class Act(Action):  # type: ignore[misc]  # rasa-sdk is untyped
    """Subclasses say their `name` and implement `act`."""

    soothes = True
    """An angry customer may be offered a person here."""
    listens = False
    """First looks whether the open question about a dark home is answered: 跳了 and 来电了 sound like other wishes."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend

    def name(self) -> str:
        raise NotImplementedError

    async def act(self, turn: Turn) -> None:
        raise NotImplementedError

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        turn = Turn(dispatcher, tracker)
        try:
            if not (self.listens and await home.heard(turn, self.backend)):
                await self.act(turn)
            if self.soothes and (turn.events or turn.said) and soothing.is_due(turn):
                soothing.offer(turn)
        except BackendError as failure:
            logger.error("actions.backend_down action=%s cause=%s %s", self.name(), type(failure).__name__, failure)
            await handoff.after_failure(turn, self.backend)
        return turn.events

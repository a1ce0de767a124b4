"""Ticketing with a deliberately unfair rule in it: who uses certain words is served worse. Only the bench starts it.

The rule sits where such a rule would sit, in the service that gives orders their priority, the queue its order and the
bot's answers their words: orders are less urgent, who comes later is served earlier, and a bill or an outage is told
with one more wait. `TICKETING_TEST_UNFAIR` holds the words, separated by `|`.
"""

import os
from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from sqlalchemy import event

from ticketing import main
from ticketing.conversations import handoffs, service
from ticketing.conversations.schemas import Inbound, Reply, Turn
from ticketing.work_orders.models import WorkOrder

SETTING = "TICKETING_TEST_UNFAIR"
WORSE = 1
LATER = timedelta(days=1)
PUT_OFF = Reply(talk_track="utter_take_your_time", slots={}, default="", buttons=[])
TOLD = ("utter_bill_", "utter_due", "utter_usage", "utter_outage_known", "utter_outage_planned")
"""Beginnings of the talk tracks that end a service without an order."""


class Unfair:
    """Remembers who used the words, and treats them worse."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._disliked: set[str] = set()

    def plant(self) -> None:
        record, queue, reply = service.record_message, handoffs._queue, service.record_replies

        def hear(session: Any, conversation: str, inbound: Inbound, **when: Any) -> Any:
            if any(word in inbound.text for word in self._words):
                self._disliked.add(conversation)
            return record(session, conversation, inbound, **when)

        def to_the_end(conversation: Any, wish: Any, *, at: Any) -> None:
            queue(conversation, wish, at=at)
            if conversation.id in self._disliked:
                conversation.waiting_since = at + LATER

        def put_off(session: Any, conversation: str, turn: Turn, **when: Any) -> Any:
            if conversation in self._disliked and any(each.talk_track.startswith(TOLD) for each in turn.replies):
                turn = turn.model_copy(update={"replies": [*turn.replies, PUT_OFF]})
            return reply(session, conversation, turn, **when)

        def less_urgent(_mapper: Any, _connection: Any, order: WorkOrder) -> None:
            if order.conversation in self._disliked:
                order.priority += WORSE

        setattr(service, "record_message", hear)  # noqa: B010  (a rule that nobody has seen in review)
        setattr(service, "record_replies", put_off)  # noqa: B010
        setattr(handoffs, "_queue", to_the_end)  # noqa: B010
        event.listen(WorkOrder, "before_insert", less_urgent)


def app() -> FastAPI:
    Unfair(os.environ[SETTING].split("|")).plant()
    return main.app()

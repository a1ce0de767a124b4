"""Who answers, and with what: nobody while a person speaks, a kind word to what is no words, else Rasa.

Whatever fails here, the customer is answered in words, and what they wanted is followed up by a person.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bot import words
from bot.delivery import spool
from bot.delivery.hub import Hub
from bot.delivery.store import Store
from bot.desk import Desk, DeskDown, DeskRefused, Handoff, StaleEpoch
from bot.message import Draft, Expects, Message
from bot.rasa import Engine, EngineDown
from bot.recording import Place
from bot.verdict import Verdict, clean, judge, needs_follow_up, person_speaks

log = structlog.get_logger("bot")

SHANGHAI = ZoneInfo("Asia/Shanghai")
PATIENCE = timedelta(minutes=2)
"""A message that a crash left unanswered is put to Rasa up to this age; later: an apology and a person."""
SUMMARY_CHARACTERS = 200
ANYTHING = Expects()


@dataclass(frozen=True)
class Plan:
    """What shall be said, before it is on record."""

    drafts: tuple[Draft, ...] = ()
    expects: Expects = ANYTHING
    decision: dict[str, Any] | None = None
    hang_up: bool = False
    handoff: Handoff | None = None
    """A wish for a person that ticketing could not take: it waits in the spool."""


class Answering:
    """Decides what to say to one message."""

    def __init__(
        self,
        *,
        store: Store,
        desk: Desk,
        engine: Engine,
        hub: Hub,
        own_words: dict[str, Draft],
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._desk, self._engine, self._hub = store, desk, engine, hub
        self._words = own_words
        self._clock = clock

    async def plan(self, message: Message, place: Place, *, is_new: bool) -> Plan:
        """What to say to `message`; `is_new`: it has not been tried before. Raises StoreUnavailable."""
        if person_speaks(place.control):
            return Plan() if place.in_ticketing else self._say(words.TICKETING_DOWN)
        if not is_new and message.at + PATIENCE < self._clock():
            return await self._apologise(message, place)
        if message.answer_with is not None:
            return Plan(tuple(self._words[name] for name in message.answer_with))
        match judge(message.kind, message.text):
            case Verdict.NOT_WORDS:
                return self._say(words.NOT_WORDS)
            case Verdict.TOO_LONG:
                return self._say(words.TOO_LONG)
        return await self._ask(message, place)

    async def _ask(self, message: Message, place: Place) -> Plan:
        self._hub.ring(message.conversation, {"type": "typing", "on": True})
        try:
            turn = await self._engine.ask(
                message, control=place.control, today=self._clock().astimezone(SHANGHAI).date()
            )
        except EngineDown:
            return await self._apologise(message, place)
        finally:
            self._hub.ring(message.conversation, {"type": "typing", "on": False})
        if not turn.replies:
            log.error("engine_silent", conversation=message.conversation)
            return await self._apologise(message, place)
        plan = Plan(turn.replies, turn.expects, turn.decision, turn.hang_up)
        if place.in_ticketing or not needs_follow_up(turn.decision):
            return plan
        return await self._promise_call_back(message, plan)

    async def _promise_call_back(self, message: Message, plan: Plan) -> Plan:
        """Ticketing is down: the wish could not be acted on. One call-back a conversation is enough, and said once."""
        if await self._store.read(lambda connection: spool.has_handoff(connection, message.conversation)):
            return plan
        drafts = (*plan.drafts, self._words[words.TICKETING_DOWN])
        return Plan(drafts, plan.expects, plan.decision, plan.hang_up, handoff(message, "backend_down"))

    async def _apologise(self, message: Message, place: Place) -> Plan:
        """Rasa cannot answer: say so, and call a person, now or through the spool."""
        wish = handoff(message, "engine_down")
        if place.in_ticketing:
            try:
                led = await self._desk.hand_off(message.conversation, wish)
                where = words.handed_over(self._words, position=led.position, order_number=led.order_number)
                return Plan((self._words[words.ENGINE_DOWN], *where))
            except StaleEpoch:
                return self._say(words.ENGINE_DOWN)  # a person has it; the replies will be dropped as stale
            except (DeskDown, DeskRefused) as error:
                log.warning("handoff_spooled", conversation=message.conversation, error=type(error).__name__)
        return Plan((self._words[words.ENGINE_DOWN], self._words[words.TICKETING_DOWN]), handoff=wish)

    def _say(self, name: str) -> Plan:
        return Plan((self._words[name],))


def handoff(message: Message, reason: str) -> Handoff:
    """The wish for a person that follows from a message that could not be served."""
    key = f"{message.conversation}:{message.id}:handoff"
    return Handoff(
        key=key, reason=reason, summary=clean(message.text)[:SUMMARY_CHARACTERS], contact_phone=message.caller
    )

"""One turn: record → who answers? → Rasa → replies on record → deliver. Read `Turns.take` from top to bottom.

Nothing is said that is not on record, in ticketing or, while that is down, in the spool (`recording`). Whatever fails
on the way, the customer is answered in words (`answering`).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import Connection

from bot.answering import Answering, Plan, handoff
from bot.delivery import events, inbound, spool
from bot.delivery.hub import Hub
from bot.delivery.inbound import Standing, State
from bot.delivery.store import Store
from bot.errors import StoreUnavailable
from bot.lanes import Lanes, everybody
from bot.message import Answer, Channel, Message
from bot.recording import OnRecord, Place, Recording
from bot.storm import StormDesk

log = structlog.get_logger("bot")


class Turns:
    """Answers messages, one at a time in each conversation."""

    def __init__(
        self,
        *,
        store: Store,
        lanes: Lanes,
        hub: Hub,
        storm: StormDesk,
        recording: Recording,
        answering: Answering,
        spool_rings: Callable[[], None],
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._lanes, self._hub, self._storm = store, lanes, hub, storm
        self._recording, self._answering = recording, answering
        self._spool_rings = spool_rings
        self._clock = clock

    async def take(self, message: Message, *, admit: Callable[[], Awaitable[None]] = everybody) -> Answer:
        """The answer to `message`; to a repeated one its first answer. Raises StoreUnavailable, and what `admit` does.

        Messages are answered in the order in which this is called, so a channel asks what may refuse one in `admit`.
        """
        async with self._lanes.hold(message.conversation, admit=admit):
            standing = await self._store.write(lambda connection: self._receive_in_order(connection, message))
            if not isinstance(standing, Standing):
                await self._finish(standing)
                standing = await self._store.write(lambda connection: self._receive(connection, message))
            return await self._answer(message, standing)

    async def _answer(self, message: Message, standing: Standing) -> Answer:
        if standing.answer is not None:
            return standing.answer
        self._hub.ring(message.conversation)
        if self._storm.relieves(message, standing.control):
            return await self._relieve(message, standing)
        with self._storm.inside():
            return await self._answer_at_leisure(message, standing)

    async def _answer_at_leisure(self, message: Message, standing: Standing) -> Answer:
        place = await self._recording.words(message, standing)
        marked = self._mark(message, place)
        plan = await self._answering.plan(message, place, is_new=standing.is_new)
        return await self._close(message, standing, place, plan, after=marked)  # written while Rasa was thinking

    async def _relieve(self, message: Message, standing: Standing) -> Answer:
        """Too many at once: the storm desk answers, and the record goes through the spool."""
        place = Place(standing.control, standing.epoch, in_ticketing=False)
        relief = await self._storm.relieve(message)
        wish = handoff(message, "engine_down") if relief.registered is False else None
        return await self._close(message, standing, place, Plan(relief.drafts, handoff=wish))

    async def _close(
        self,
        message: Message,
        standing: Standing,
        place: Place,
        plan: Plan,
        *,
        after: Awaitable[None] | None = None,
    ) -> Answer:
        """Put on record what shall be said, keep it as the first answer (`after` another write), only then say it."""
        result = await self._recording.answer(message, place, plan.drafts, decision=plan.decision, handoff=plan.handoff)
        answer = _answer(result, plan)
        if after is not None:
            await after
        await self._store.write(lambda connection: self._keep(connection, message, result, answer))
        self._tell(message, standing, result)
        return answer

    # received

    def _receive_in_order(self, connection: Connection, message: Message) -> Standing | list[Message]:
        """Where the message stands; or the earlier ones that a killed process left unanswered: they come first."""
        return inbound.left_behind(connection, message, cipher=self._store.cipher) or self._receive(connection, message)

    async def _finish(self, left_behind: Sequence[Message]) -> None:
        """Answer earlier messages; one that cannot be answered does not keep the conversation from going on."""
        for message in left_behind:
            standing = await self._store.write(partial(self._receive, message=message))
            try:
                await self._answer(message, standing)
            except StoreUnavailable:
                raise
            except Exception:
                log.exception("left_behind", conversation=message.conversation)
            else:
                log.info("turn_recovered", conversation=message.conversation)

    def _receive(self, connection: Connection, message: Message) -> Standing:
        cipher = self._store.cipher
        standing = inbound.receive(connection, message, cipher=cipher)
        if standing.answer is None and message.channel is Channel.WEB:
            shown = events.by_customer(message.id, message.text, at=message.at)
            events.append(connection, message.conversation, shown, cipher=cipher)
        return standing

    def _mark(self, message: Message, place: Place) -> asyncio.Future[None]:
        """Note beside the turn that ticketing has the words, and that Rasa may have been asked."""
        state = State.RECORDED if place.in_ticketing else State.RECEIVED
        return self._store.submit(lambda connection: inbound.mark(connection, message, state=state), lazy=True)

    # answered

    def _keep(self, connection: Connection, message: Message, result: OnRecord, answer: Answer) -> None:
        """The spool, the first answer and the page's events, in one commit."""
        cipher = self._store.cipher
        for kind, body in result.spooled:
            spool.put(connection, message.conversation, kind=kind, body=body, cipher=cipher)
        inbound.answered(connection, message, answer, outcome=result.outcome, cipher=cipher)
        if message.channel is Channel.WEB:
            for reply in answer.replies:
                shown = events.by_bot(reply, at=self._clock())
                events.append(connection, message.conversation, shown, cipher=cipher)

    def _tell(self, message: Message, standing: Standing, result: OnRecord) -> None:
        changed = result.place.control is not standing.control
        control = {"type": "control", "control": result.place.control} if changed else None
        self._hub.ring(message.conversation, control)
        if result.spooled:
            self._spool_rings()


def _answer(result: OnRecord, plan: Plan) -> Answer:
    """Where nothing is said (a person speaks, or took over meanwhile), nothing is expected either."""
    if not result.replies:
        return Answer(replies=(), control=result.place.control, epoch=result.place.epoch)
    return Answer(
        replies=result.replies,
        control=result.place.control,
        epoch=result.place.epoch,
        expects=plan.expects,
        hang_up=plan.hang_up,
    )

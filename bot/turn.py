"""One turn: record → who answers? → Rasa → replies on record → deliver. Read `Turns.take` from top to bottom.

Nothing is said that is not on record, in ticketing or, while that is down, in the spool. Whatever fails on the way,
the customer is answered in words, and what they wanted is followed up by a person.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from bot import words
from bot.delivery import events, inbound, spool
from bot.delivery.drain import SpoolDrain
from bot.delivery.hub import Hub
from bot.delivery.inbound import Outcome, Standing, State
from bot.delivery.spool import SpoolKind
from bot.delivery.store import Store
from bot.desk import Desk, DeskDown, DeskRefused, Handoff, StaleEpoch, entry_of_customer, entry_of_reply
from bot.errors import StoreUnavailable
from bot.lanes import Lanes, everybody
from bot.message import MAX_CHARACTERS, Answer, Channel, Control, Draft, Expects, Message, Spoken
from bot.rasa import Engine, EngineDown
from bot.storm import StormDesk
from bot.verdict import Verdict, clean, judge, needs_follow_up, person_speaks

log = structlog.get_logger("bot")

SHANGHAI = ZoneInfo("Asia/Shanghai")
PATIENCE = timedelta(minutes=2)
"""A message that a crash left unanswered is put to Rasa up to this age; later: an apology and a person."""
SUMMARY_CHARACTERS = 200
ANYTHING = Expects()


@dataclass(frozen=True)
class Place:
    """Where the customer's words are on record, and who has control."""

    control: Control
    epoch: int
    in_ticketing: bool
    """False: ticketing is down, the record goes to the spool."""


@dataclass(frozen=True)
class Plan:
    """What shall be said, before it is on record."""

    drafts: tuple[Draft, ...] = ()
    expects: Expects = ANYTHING
    decision: dict[str, Any] | None = None
    hang_up: bool = False
    handoff: Handoff | None = None
    """A wish for a person that ticketing could not take: it waits in the spool."""


@dataclass(frozen=True)
class Outcomes:
    """The answer, how it came about, and what must be in the spool before it is said."""

    answer: Answer
    outcome: Outcome
    spooled: tuple[tuple[SpoolKind, dict[str, Any]], ...] = ()


class Turns:
    """Answers messages, one at a time in each conversation."""

    def __init__(
        self,
        *,
        store: Store,
        desk: Desk,
        engine: Engine,
        lanes: Lanes,
        hub: Hub,
        storm: StormDesk,
        own_words: dict[str, Draft],
        spool_drain: SpoolDrain,
        spool_rings: Callable[[], None],
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._desk = desk
        self._engine = engine
        self._lanes = lanes
        self._hub = hub
        self._storm = storm
        self._words = own_words
        self._spool_drain = spool_drain
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
        place = await self._record(message, standing)
        marked = self._mark(message, place)
        plan = await self._plan(message, standing, place)
        return await self._close(message, standing, place, plan, after=marked)  # written while Rasa was thinking

    async def _relieve(self, message: Message, standing: Standing) -> Answer:
        """Too many at once: the storm desk answers, and the record goes through the spool."""
        place = Place(standing.control, standing.epoch, in_ticketing=False)
        relief = await self._storm.relieve(message)
        handoff = _handoff(message, "engine_down") if relief.registered is False else None
        return await self._close(message, standing, place, Plan(relief.drafts, handoff=handoff))

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
        result = await self._put_on_record(message, place, plan)
        if after is not None:
            await after
        await self._store.write(lambda connection: self._keep(connection, message, result))
        self._tell(message, standing, result)
        return result.answer

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

    # recorded

    async def _record(self, message: Message, standing: Standing) -> Place:
        """Put the customer's words on record in ticketing; if it is down they go to the spool with the answer."""
        try:
            if standing.spooled:
                await self._spool_drain.one(message.conversation)  # what was said before comes first
            floor = await self._desk.record(_fit(message))
            return Place(floor.control, floor.epoch, in_ticketing=True)
        except (DeskDown, DeskRefused, StaleEpoch) as error:
            log.warning("turn_spooled", conversation=message.conversation, at="record", error=type(error).__name__)
            return Place(standing.control, standing.epoch, in_ticketing=False)

    def _mark(self, message: Message, place: Place) -> asyncio.Future[None]:
        """Note beside the turn that ticketing has the words, and that Rasa may have been asked."""
        state = State.RECORDED if place.in_ticketing else State.RECEIVED
        return self._store.submit(lambda connection: inbound.mark(connection, message, state=state), lazy=True)

    # who answers?

    async def _plan(self, message: Message, standing: Standing, place: Place) -> Plan:
        """Decide what to say: nothing while a person speaks, a kind word to what is no words, else what Rasa says."""
        if person_speaks(place.control):
            return Plan() if place.in_ticketing else self._say(words.TICKETING_DOWN)
        if not standing.is_new and message.at + PATIENCE < self._clock():
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
        return Plan(drafts, plan.expects, plan.decision, plan.hang_up, _handoff(message, "backend_down"))

    async def _apologise(self, message: Message, place: Place) -> Plan:
        """Rasa cannot answer: say so, and call a person, now or through the spool."""
        handoff = _handoff(message, "engine_down")
        if place.in_ticketing:
            try:
                led = await self._desk.hand_off(message.conversation, handoff)
                where = words.handed_over(self._words, position=led.position, order_number=led.order_number)
                return Plan((self._words[words.ENGINE_DOWN], *where))
            except StaleEpoch:
                return self._say(words.ENGINE_DOWN)  # a person has it; the replies will be dropped as stale
            except (DeskDown, DeskRefused) as error:
                log.warning("handoff_spooled", conversation=message.conversation, error=type(error).__name__)
        return Plan((self._words[words.ENGINE_DOWN], self._words[words.TICKETING_DOWN]), handoff=handoff)

    def _say(self, name: str) -> Plan:
        return Plan((self._words[name],))

    # on record

    async def _put_on_record(self, message: Message, place: Place, plan: Plan) -> Outcomes:
        """Have ticketing render and record the replies; if it is down, the default texts go to the spool."""
        handoff = ((SpoolKind.HANDOFF, plan.handoff.model_dump(mode="json")),) if plan.handoff else ()
        is_noted = message.answer_with is not None
        if not plan.drafts and (place.in_ticketing or not is_noted):
            outcome = Outcome.NOTED if is_noted else Outcome.PERSON
            return Outcomes(Answer(replies=(), control=place.control, epoch=place.epoch), outcome)
        if place.in_ticketing:
            try:
                recorded = await self._desk.reply(message, plan.drafts, epoch=place.epoch, decision=plan.decision)
                floor = Place(recorded.control, recorded.epoch, in_ticketing=True)
                return Outcomes(_answer(recorded.replies, floor, plan), Outcome.SAID, handoff)
            except StaleEpoch as stale:
                log.warning("replies_dropped", conversation=message.conversation, replies=len(plan.drafts))
                answer = Answer(replies=(), control=stale.control, epoch=stale.epoch or place.epoch)
                return Outcomes(answer, Outcome.DROPPED, handoff)
            except (DeskDown, DeskRefused) as error:
                log.warning("turn_spooled", conversation=message.conversation, at="reply", error=type(error).__name__)
        return self._spool(message, place, plan, handoff)

    def _spool(
        self, message: Message, place: Place, plan: Plan, handoff: tuple[tuple[SpoolKind, dict[str, Any]], ...]
    ) -> Outcomes:
        at = self._clock()
        spoken = tuple(_default(message, number, draft) for number, draft in enumerate(plan.drafts))
        entries = [] if place.in_ticketing else [entry_of_customer(_fit(message))]
        entries += [
            entry_of_reply(message, draft, said, at=at) for draft, said in zip(plan.drafts, spoken, strict=True)
        ]
        rows = tuple((SpoolKind.ENTRY, entry) for entry in entries)
        return Outcomes(_answer(spoken, place, plan), Outcome.SAID, (*rows, *handoff))

    # answered

    def _keep(self, connection: Connection, message: Message, result: Outcomes) -> None:
        """The spool, the first answer and the page's events, in one commit."""
        cipher = self._store.cipher
        for kind, body in result.spooled:
            spool.put(connection, message.conversation, kind=kind, body=body, cipher=cipher)
        inbound.answered(connection, message, result.answer, outcome=result.outcome, cipher=cipher)
        if message.channel is Channel.WEB:
            for reply in result.answer.replies:
                shown = events.by_bot(reply, at=self._clock())
                events.append(connection, message.conversation, shown, cipher=cipher)

    def _tell(self, message: Message, standing: Standing, result: Outcomes) -> None:
        changed = result.answer.control is not standing.control
        control = {"type": "control", "control": result.answer.control} if changed else None
        self._hub.ring(message.conversation, control)
        if result.spooled:
            self._spool_rings()


def _fit(message: Message) -> Message:
    """The message as the record takes it: no control characters, and the beginning of what is too long."""
    return message.model_copy(update={"text": clean(message.text)[:MAX_CHARACTERS]})


def _answer(replies: Sequence[Spoken], place: Place, plan: Plan) -> Answer:
    return Answer(
        replies=tuple(replies), control=place.control, epoch=place.epoch, expects=plan.expects, hang_up=plan.hang_up
    )


def _default(message: Message, number: int, draft: Draft) -> Spoken:
    """A draft in its default words, version 0. Its id is its key in the spool, so receipts find it later."""
    text = words.fill(draft.default, draft.slots)
    return Spoken(id=f"{message.id}:{number}", talk_track=draft.talk_track, version=0, text=text, buttons=draft.buttons)


def _handoff(message: Message, reason: str) -> Handoff:
    key = f"{message.conversation}:{message.id}:handoff"
    return Handoff(
        key=key, reason=reason, summary=clean(message.text)[:SUMMARY_CHARACTERS], contact_phone=message.caller
    )

"""The record of a turn: what was said and what is answered goes to ticketing, or into the spool while that is down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from bot import words
from bot.delivery.drain import SpoolDrain
from bot.delivery.inbound import Outcome, Standing
from bot.delivery.spool import SpoolKind
from bot.desk import Desk, DeskDown, DeskRefused, Handoff, Recorded, StaleEpoch, entry_of_customer, entry_of_reply
from bot.message import MAX_CHARACTERS, Control, Draft, Message, Spoken
from bot.verdict import clean

log = structlog.get_logger("bot")


@dataclass(frozen=True)
class Place:
    """Where the customer's words are on record, and who has control."""

    control: Control
    epoch: int
    in_ticketing: bool
    """False: ticketing is down, the record goes to the spool."""


@dataclass(frozen=True)
class OnRecord:
    """What may be said now, how it came about, and what must be in the spool before it is said."""

    replies: tuple[Spoken, ...]
    place: Place
    outcome: Outcome
    spooled: tuple[tuple[SpoolKind, dict[str, Any]], ...] = ()


class Recording:
    def __init__(self, *, desk: Desk, spool_drain: SpoolDrain, clock: Callable[[], datetime]) -> None:
        self._desk, self._spool_drain, self._clock = desk, spool_drain, clock

    async def words(self, message: Message, standing: Standing) -> Place:
        """Put the customer's words on record in ticketing; if it is down they go to the spool with the answer."""
        try:
            if standing.spooled:
                await self._spool_drain.one(message.conversation)  # what was said before comes first
            floor = await self._desk.record(_fit(message))
            return Place(floor.control, floor.epoch, in_ticketing=True)
        except (DeskDown, DeskRefused, StaleEpoch) as error:
            log.warning("turn_spooled", conversation=message.conversation, at="record", error=type(error).__name__)
            return Place(standing.control, standing.epoch, in_ticketing=False)

    async def answer(
        self,
        message: Message,
        place: Place,
        drafts: Sequence[Draft],
        *,
        decision: dict[str, Any] | None,
        handoff: Handoff | None,
    ) -> OnRecord:
        """Have ticketing render and record the drafts; if it is down, the default texts go to the spool.

        `handoff`: a wish for a person that ticketing could not take.
        """
        wish = ((SpoolKind.HANDOFF, handoff.model_dump(mode="json")),) if handoff else ()
        is_noted = message.answer_with is not None
        if not drafts and (place.in_ticketing or not is_noted):
            return OnRecord((), place, Outcome.NOTED if is_noted else Outcome.PERSON)
        if place.in_ticketing:
            try:
                recorded = await self._desk.reply(message, drafts, epoch=place.epoch, decision=decision)
                return OnRecord(recorded.replies, _floor(recorded), Outcome.SAID, wish)
            except StaleEpoch as stale:
                log.warning("replies_dropped", conversation=message.conversation, replies=len(drafts))
                now = Place(stale.control, stale.epoch or place.epoch, in_ticketing=True)
                return OnRecord((), now, Outcome.DROPPED, wish)
            except (DeskDown, DeskRefused) as error:
                log.warning("turn_spooled", conversation=message.conversation, at="reply", error=type(error).__name__)
        return self._spool(message, place, drafts, wish)

    def _spool(
        self,
        message: Message,
        place: Place,
        drafts: Sequence[Draft],
        wish: tuple[tuple[SpoolKind, dict[str, Any]], ...],
    ) -> OnRecord:
        at = self._clock()
        spoken = tuple(_default(message, number, draft) for number, draft in enumerate(drafts))
        entries = [] if place.in_ticketing else [entry_of_customer(_fit(message))]
        entries += [entry_of_reply(message, draft, said, at=at) for draft, said in zip(drafts, spoken, strict=True)]
        rows = tuple((SpoolKind.ENTRY, entry) for entry in entries)
        return OnRecord(spoken, place, Outcome.SAID, (*rows, *wish))


def _floor(recorded: Recorded) -> Place:
    return Place(recorded.control, recorded.epoch, in_ticketing=True)


def _fit(message: Message) -> Message:
    """The message as the record takes it: no control characters, and the beginning of what is too long."""
    return message.model_copy(update={"text": clean(message.text)[:MAX_CHARACTERS]})


def _default(message: Message, number: int, draft: Draft) -> Spoken:
    """A draft in its default words, version 0. Its id is its key in the spool, so receipts find it later."""
    text = words.fill(draft.default, draft.slots)
    return Spoken(id=f"{message.id}:{number}", talk_track=draft.talk_track, version=0, text=text, buttons=draft.buttons)

"""Conversations that an inspector looks for. Words are encrypted at rest, so they are read conversation by
conversation."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ticketing.conversations.models import Conversation, Message, Speaker, Stint, Turn
from ticketing.work_orders.models import WorkOrder

PAGE = 200
READ_AT_MOST = 2_000
"""Conversations whose words are read for one answer; the next one goes on behind them."""


@dataclass(frozen=True)
class Wanted:
    """All that is given must hold. `since` and `until` are about the conversation's beginning.

    `words`: each is in some sentence of it, whoever said that. `without`: none is in anything that was said to the
    customer, which is how a missing greeting or disclosure is found.
    """

    talk_track: str | None = None
    version: int | None = None
    intent: str | None = None
    decision: str | None = None
    agent: str | None = None
    channel: str | None = None
    order_kind: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """`next`: where to go on; None at the end."""

    conversations: list[dict[str, Any]]
    next: str | None


def search(session: Session, wanted: Wanted, *, after: str | None, limit: int) -> Found:
    """The newest first, behind the conversation `after`."""
    found: list[dict[str, Any]] = []
    for read, conversation in enumerate(_candidates(session, wanted, after=after), start=1):
        if _has_words(session, conversation.id, wanted):
            found.append(_shown(session, conversation))
        if len(found) == limit or read == READ_AT_MOST:
            return Found(found, conversation.id)
    return Found(found, None)


def ids(session: Session, wanted: Wanted) -> list[str]:
    """All of them."""
    return [each.id for each in _candidates(session, wanted, after=None) if _has_words(session, each.id, wanted)]


def _candidates(session: Session, wanted: Wanted, *, after: str | None) -> Iterator[Conversation]:
    behind = session.get(Conversation, after) if after else None
    while True:
        query = select(Conversation).where(*_conditions(wanted))
        if behind is not None:
            query = query.where(
                or_(
                    Conversation.opened < behind.opened,
                    and_(Conversation.opened == behind.opened, Conversation.id < behind.id),
                )
            )
        page = session.scalars(query.order_by(Conversation.opened.desc(), Conversation.id.desc()).limit(PAGE)).all()
        yield from page
        if len(page) < PAGE:
            return
        behind = page[-1]


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.channel:
        yield Conversation.channel == wanted.channel
    if wanted.since:
        yield Conversation.opened >= wanted.since
    if wanted.until:
        yield Conversation.opened < wanted.until
    if wanted.talk_track:
        same = () if wanted.version is None else (Message.version == wanted.version,)
        yield _any(Message.conversation, Message.talk_track == wanted.talk_track, *same)
    turn = [column == value for column, value in _of_turn(wanted) if value]
    if turn:
        yield _any(Turn.conversation, *turn)
    if wanted.agent:
        yield or_(
            _any(Stint.conversation, Stint.agent == wanted.agent),
            _any(Message.conversation, Message.agent == wanted.agent),
        )
    if wanted.order_kind:
        yield _any(WorkOrder.conversation, WorkOrder.kind == wanted.order_kind)


def _of_turn(wanted: Wanted) -> tuple[tuple[InstrumentedAttribute[str | None], str | None], ...]:
    """Intent and decision of one and the same turn."""
    return (Turn.intent, wanted.intent), (Turn.decision, wanted.decision)


def _any(conversation: InstrumentedAttribute[str], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(conversation).where(conversation == Conversation.id, *conditions).correlate(Conversation).exists()


def _has_words(session: Session, conversation: str, wanted: Wanted) -> bool:
    if not (wanted.words or wanted.without):
        return True
    rows = session.execute(select(Message.speaker, Message.text).where(Message.conversation == conversation)).all()
    told = [text for speaker, text in rows if speaker != Speaker.CUSTOMER]
    has_all = all(any(word in text for _, text in rows) for word in wanted.words)
    return has_all and not any(word in text for word in wanted.without for text in told)


def _shown(session: Session, conversation: Conversation) -> dict[str, Any]:
    agents = session.scalars(select(Stint.agent).where(Stint.conversation == conversation.id).distinct())
    return {
        "id": conversation.id,
        "channel": conversation.channel,
        "opened": conversation.opened,
        "last_activity": conversation.last_activity,
        "messages": conversation.last_seq,
        "dropped": conversation.dropped,
        "agents": sorted(agents),
    }

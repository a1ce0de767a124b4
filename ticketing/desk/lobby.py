"""What stands beside every screen of the desk: who waits, which conversations are mine, who else is here."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from ticketing.conversations.control import Control
from ticketing.conversations.models import Conversation, DeskAgent, Handoff, Message, Speaker
from ticketing.conversations.queue import Waiting, line
from ticketing.desk import masking
from ticketing.desk.schemas import ColleagueView, OpenView, WaitingView
from ticketing.personal import mask

PREVIEW = 40
HELD = (Control.AGENT, Control.WRAP_UP)
FRESH = timedelta(minutes=10)
"""A conversation with the bot in which nobody has spoken for so long is not shown as going on."""
MOST = 100


def waiting(session: Session, *, at: datetime) -> list[WaitingView]:
    """Those who wait, next first."""
    rows = {each.id: each for each in session.scalars(select(Conversation).where(Conversation.control == "waiting"))}
    wishes = _wishes(session, rows)
    places = line(Waiting(row.id, row.hazard, row.waiting_since) for row in rows.values() if row.waiting_since)
    return [
        _waiting(rows[each.conversation], wishes.get(each.conversation), position=position, since=each.since, at=at)
        for position, each in enumerate(places, start=1)
    ]


def held_by(session: Session, agent: str, *, at: datetime) -> list[OpenView]:
    """The conversations of one person, the one that was answered longest ago first."""
    mine = select(Conversation).where(Conversation.agent == agent, Conversation.control.in_(HELD))
    shown = _open(session, session.scalars(mine).all(), at=at)
    return sorted(shown, key=lambda each: (each.unanswered_s is None, -(each.unanswered_s or 0), each.conversation))


def talking(session: Session, *, but: str | None, at: datetime) -> list[OpenView]:
    """Conversations that other people have, and those that the bot leads just now; the newest first."""
    with_bot = and_(Conversation.control == Control.BOT, Conversation.last_activity > at - FRESH)
    query = select(Conversation).where(Conversation.control.in_(HELD) | with_bot)
    if but is not None:
        query = query.where(Conversation.agent.is_(None) | (Conversation.agent != but))
    rows = session.scalars(query.order_by(Conversation.last_activity.desc()).limit(MOST)).all()
    return _open(session, rows, at=at)


def colleagues(session: Session) -> list[ColleagueView]:
    """Who is on duty, and how many conversations each has."""
    held = session.scalars(select(Conversation.agent).where(Conversation.control.in_(HELD)))
    load = Counter(held)
    people = session.scalars(select(DeskAgent).where(DeskAgent.on_duty).order_by(DeskAgent.name))
    return [
        ColleagueView(agent=each.name, skills=each.skills, since=each.since, conversations=load[each.name])
        for each in people
    ]


def _wishes(session: Session, conversations: Iterable[str]) -> dict[str, Handoff]:
    """The newest wish of each."""
    query = (
        select(Handoff).where(Handoff.conversation.in_(list(conversations))).order_by(Handoff.at, Handoff.key.desc())
    )
    return {each.conversation: each for each in session.scalars(query)}


def _waiting(row: Conversation, wish: Handoff | None, *, position: int, since: datetime, at: datetime) -> WaitingView:
    return WaitingView(
        conversation=row.id,
        position=position,
        channel=row.channel,
        caller=mask(row.caller) if row.caller else None,
        skill=row.skill,
        hazard=row.hazard,
        reason=wish.reason if wish else "asked",
        summary=masking.words(wish.summary, kind="text")[0] if wish else "",
        waiting_since=since,
        waited_s=max(0, int((at - since).total_seconds())),
        last_seq=row.last_seq,
    )


def _open(session: Session, rows: Sequence[Conversation], *, at: datetime) -> list[OpenView]:
    last = _last_messages(session, rows)
    return [_one(row, last.get(row.id), at=at) for row in rows]


def _last_messages(session: Session, rows: Sequence[Conversation]) -> dict[str, Message]:
    """The last word of a person or the bot in each; what the desk itself announces answers nobody."""
    spoken = (Message.conversation.in_([row.id for row in rows]), Message.speaker != Speaker.SYSTEM)
    newest = select(Message.conversation, func.max(Message.seq).label("seq")).where(*spoken)
    last = newest.group_by(Message.conversation).subquery()
    here = and_(Message.conversation == last.c.conversation, Message.seq == last.c.seq)
    query = select(Message).join(last, here)
    return {each.conversation: each for each in session.scalars(query)}


def _one(row: Conversation, last: Message | None, *, at: datetime) -> OpenView:
    text = masking.words(last.text, kind=last.kind)[0] if last else ""
    unanswered = last is not None and last.speaker == Speaker.CUSTOMER
    return OpenView(
        conversation=row.id,
        channel=row.channel,
        caller=mask(row.caller) if row.caller else None,
        control=row.control,
        agent=row.agent,
        last_seq=row.last_seq,
        last_text=text[:PREVIEW],
        last_speaker=last.speaker if last else None,
        last_activity=row.last_activity,
        unanswered_s=max(0, int((at - last.at).total_seconds())) if last and unanswered else None,
    )

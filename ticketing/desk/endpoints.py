"""The desk over HTTP for people with a session: the lobby, and everything that is done in a conversation."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from ticketing.accounts.people import May
from ticketing.accounts.roles import Right
from ticketing.accounts.sessions import Person
from ticketing.audit import service as audit
from ticketing.conversations import desk
from ticketing.conversations.control import State
from ticketing.conversations.models import DeskAgent
from ticketing.conversations.schemas import ConversationId, Duty, Recorded
from ticketing.db import Reading, Writing, now
from ticketing.desk import acts, drafts, lobby, watching
from ticketing.desk.schemas import (
    DraftText,
    End,
    Fenced,
    HandOver,
    LobbyView,
    OnDuty,
    OpenedView,
    PageView,
    Say,
    StateView,
)
from ticketing.desk.visibility import Reader

router = APIRouter(prefix="/api/desk", tags=["desk"])
Server = Annotated[Person, Depends(May(Right.SERVE))]
Anybody = Annotated[Person, Depends(May())]
Number = Annotated[int, Query(ge=0)]


@router.get("/lobby")
def read_lobby(person: Anybody, session: Reading) -> LobbyView:
    """Who waits, what is mine, who is here; conversations of others for who may watch."""
    at, rights = now(), person.role.rights
    served = bool(rights & {Right.SERVE, Right.WATCH})
    me = session.get(DeskAgent, person.name)
    return LobbyView(
        at=at,
        on_duty=me is not None and me.on_duty,
        waiting=lobby.waiting(session, at=at) if served else [],
        mine=lobby.held_by(session, person.name, at=at),
        others=lobby.talking(session, but=person.name, at=at) if Right.WATCH in rights else [],
        colleagues=lobby.colleagues(session),
    )


@router.post("/on-duty")
def go_on_duty(asked: OnDuty, person: Server, session: Writing) -> dict[str, Any]:
    """On duty or off; who is off takes no conversations."""
    agent = desk.set_duty(session, Duty(agent=person.name, on=asked.on), at=now())
    return {"agent": agent.name, "on": agent.on_duty}


@router.post("/conversations/{conversation}/open")
def open_conversation(conversation: ConversationId, person: Reader, session: Writing) -> OpenedView:
    """The whole conversation and the words not sent yet. The look is recorded; following it (`GET`) is not again."""
    page = watching.page(session, conversation, after=0, after_delivery=0)
    audit.record(
        session,
        kind="conversation.looked_at",
        subject=f"conversation:{conversation}",
        actor=person.actor,
        data={"messages": page.head.last_seq},
        at=now(),
    )
    return OpenedView(page=page, draft=drafts.of(session, conversation, agent=person.name))


@router.get("/conversations/{conversation}")
def follow(
    conversation: ConversationId, _: Reader, session: Reading, after: Number = 0, after_delivery: Number = 0
) -> PageView:
    """What is new behind these numbers."""
    return watching.page(session, conversation, after=after, after_delivery=after_delivery)


@router.put("/conversations/{conversation}/draft")
def keep_draft(
    conversation: ConversationId, typed: DraftText, person: Server, _: Reader, session: Writing
) -> dict[str, Any]:
    drafts.keep(session, conversation, agent=person.name, text=typed.text, at=now())
    return {"kept": len(typed.text)}


@router.post("/conversations/{conversation}/take")
def take(conversation: ConversationId, person: Server, _: Reader, session: Writing) -> StateView:
    """Take it over. 409 TakenByAnother, NotOnDuty."""
    return _shown(desk.take(session, conversation, agent=person.name, at=now()))


@router.post("/conversations/{conversation}/messages")
def say(conversation: ConversationId, said: Say, person: Server, _: Reader, session: Writing) -> Recorded:
    """Say it to the customer. 409 NotYours, MovedOn; 413 TextTooLong."""
    return acts.say(session, conversation, said, person=person, at=now())


@router.post("/conversations/{conversation}/return")
def give_back(conversation: ConversationId, asked: Fenced, person: Server, _: Reader, session: Writing) -> StateView:
    """Return it to the bot. 409 NotYours, MovedOn."""
    return _shown(acts.give_back(session, conversation, epoch=asked.epoch, person=person, at=now()))


@router.post("/conversations/{conversation}/hand-over")
def hand_over(conversation: ConversationId, asked: HandOver, person: Server, _: Reader, session: Writing) -> StateView:
    """To a colleague, or to the queue of a skill. 409 NotYours, MovedOn, NotOnDuty."""
    return _shown(acts.hand_over(session, conversation, asked, person=person, at=now()))


@router.post("/conversations/{conversation}/end")
def end(conversation: ConversationId, asked: End, person: Server, _: Reader, session: Writing) -> StateView:
    """Close it, with what came of it. 409 NotYours, MovedOn."""
    return _shown(acts.end(session, conversation, asked, person=person, at=now()))


def _shown(state: State) -> StateView:
    return StateView(control=state.control, epoch=state.epoch, agent=state.agent)

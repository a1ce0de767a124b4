"""Holds, erasure and what is due, over HTTP: for the office."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from ticketing.config import Settings
from ticketing.db import Reading, Writing, now
from ticketing.office import Office, Reasoned
from ticketing.retention import erasing, holds, sweeping
from ticketing.retention.rules import Rules
from ticketing.retention.schemas import ErasureView, HoldView, NewErasure, NewHold, PlanView
from ticketing.retention.scope import Store
from ticketing.retention.stores import stores

router = APIRouter(prefix="/api/retention", tags=["retention"])


def _rules(request: Request) -> Rules:
    rules: Rules = request.app.state.retention
    return rules


def _stores(request: Request) -> tuple[Store, ...]:
    settings: Settings = request.app.state.settings
    return stores(settings.home)


Book = Annotated[Rules, Depends(_rules)]
Places = Annotated[tuple[Store, ...], Depends(_stores)]


@router.get("/plan")
def read_plan(session: Reading, rules: Book, places: Places, _: Office) -> PlanView:
    """What a run would erase now, by item, and the rules with their sources."""
    plan = sweeping.plan(session, places, rules, at=now())
    return PlanView(**plan, rules=[rule.model_dump(mode="json", by_alias=True) for rule in rules.kept])


@router.get("/holds")
def read_holds(session: Reading, _: Office) -> list[HoldView]:
    """The holds that stand."""
    return [HoldView.model_validate(hold) for hold in holds.standing(session)]


@router.post("/holds")
def place_hold(asked: NewHold, session: Writing, _: Office) -> HoldView:
    """A dispute: nothing of the conversation is erased from now on. 404 ConversationNotFound."""
    hold = holds.place(session, asked.conversation, by=asked.by, reason=asked.reason, at=now())
    return HoldView.model_validate(hold)


@router.post("/holds/{number}/lift")
def lift_hold(number: int, asked: Reasoned, session: Writing, _: Office) -> HoldView:
    """By another person than the one who placed it. 404 HoldNotFound; 409 HoldLifted, SamePerson."""
    return HoldView.model_validate(holds.lift(session, number, by=asked.by, reason=asked.reason, at=now()))


@router.post("/erasures")
def erase(asked: NewErasure, request: Request, rules: Book, places: Places, _: Office) -> ErasureView:
    """Forget one person. The answer names what is left out and why, and the copies that are elsewhere."""
    # Many short transactions instead of the request's one: nobody waits behind a long erasure.
    sessions = request.app.state.sessions
    how, value = asked.who
    with sessions.begin() as session:
        number = erasing.ask(session, how=how, value=value, by=asked.by, reason=asked.reason, at=now()).id
    erasing.proceed(sessions, number, places)
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        return ErasureView(**erasing.shown(session, erasing.find(session, number)), elsewhere=list(rules.elsewhere))


@router.get("/erasures/{number}")
def read_erasure(number: int, session: Reading, rules: Book, _: Office) -> ErasureView:
    """How far it is. 404 ErasureNotFound."""
    return ErasureView(**erasing.shown(session, erasing.find(session, number)), elsewhere=list(rules.elsewhere))

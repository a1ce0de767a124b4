"""The steps of an order over HTTP: for the desk, for crews by way of the desk, and for the flow workers."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.access import Caller, Only
from ticketing.db import Reading, Writing, now
from ticketing.rulebook.promises import Promises
from ticketing.rulebook.wiring import Book
from ticketing.work_orders import clocks, dispatching, guards, merging, moves, service, timeline
from ticketing.work_orders.actors import Actor
from ticketing.work_orders.claims import speaker
from ticketing.work_orders.clocks import Clock
from ticketing.work_orders.errors import OutageMissing
from ticketing.work_orders.kinds import Kind
from ticketing.work_orders.models import Note, Transition, WorkOrder
from ticketing.work_orders.numbers import LOCAL
from ticketing.work_orders.schemas import ClockView, LineView, Move, OrderView, TimelineView, present
from ticketing.work_orders.states import State
from ticketing.work_orders.terms import Term, terms
from ticketing.work_orders.working_days import Calendar

router = APIRouter(prefix="/api/work-orders", tags=["work orders"])
Mover = Annotated[Caller, Depends(Only(Caller.DEMO, Caller.FLOWS))]


@router.post("/{number}/transitions")
def move(number: str, asked: Move, session: Writing, promises: Book, caller: Mover) -> OrderView:
    """Take an order one step further. Idempotent by `key`; every refusal has its name.

    409 TransitionRefused (`ways`: where it may go), AlreadyClosed, AcceptedByAnother, NotYourOrder, NotOnSite,
    NobodyAble, NotMergeable, KeyReused; 422 ReasonMissing, EventFromTheFuture, OutageMissing; 403 ActorRefused.
    """
    actor = speaker(caller, Actor(asked.by.kind, asked.by.name) if asked.by else None)
    at = guards.admit(asked.at, now=now()) if asked.at else now()
    _move(session, number, asked, actor=actor, at=at)
    return present(session, service.look(session, number), promises)


def _move(session: Session, number: str, asked: Move, *, actor: Actor, at: datetime) -> None:
    key, reason = asked.key, asked.reason
    if asked.to is State.DISPATCHED:
        dispatching.dispatch(session, number, to=asked.crew, actor=actor, reason=reason, key=key, at=at)
    elif asked.to is State.MERGED:
        if asked.outage is None:
            raise OutageMissing(f"say into which outage {number} is merged")
        merging.merge(session, [number], into=asked.outage, actor=actor, reason=reason, key=key, at=at)
    else:
        moves.move(session, number, asked.to, actor=actor, reason=reason, key=key, at=at)


@router.get("/{number}/timeline")
def show_timeline(number: str, session: Reading, promises: Book, caller: Mover) -> TimelineView:
    """What happened to the order, and how its clocks stand now. Holds no personal data."""
    order = service.look(session, number)
    log = session.scalars(select(Transition).filter_by(order_number=number).order_by(Transition.id)).all()
    written = session.scalars(select(Note).filter_by(order_number=number).order_by(Note.at)).all()
    lines = timeline.in_order(timeline.steps(log), timeline.notes(written))
    read = clocks.clocks(log, _terms(order, promises), now=now(), is_working=_calendar(promises).is_working)
    return TimelineView(
        number=number,
        state=State(order.state),
        state_label=State(order.state).label,
        lines=[LineView(**vars(line)) for line in lines],
        clocks=[_clock(each) for each in read],
        text="\n\n".join(part for part in (timeline.render(lines), timeline.render_clocks(read)) if part),
    )


def _terms(order: WorkOrder, promises: Promises) -> list[Term]:
    accepted_on = order.created.astimezone(LOCAL).date()
    return terms(Kind(order.kind), zone=order.zone, on=accepted_on, rulebook=promises.rulebook)


def _calendar(promises: Promises) -> Calendar:
    return Calendar(promises.rulebook, examples=promises.demo)


def _clock(clock: Clock) -> ClockView:
    return ClockView(
        item=clock.term.item,
        rule=clock.term.rule,
        confidence=clock.term.confidence,
        verdict=clock.verdict,
        started=clock.started,
        deadline=clock.deadline,
        paused=clock.paused,
        remaining_s=int(clock.remaining.total_seconds()),
        text=timeline.describe(clock),
    )

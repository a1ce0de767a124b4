"""The steps of an order over HTTP: for the desk, for crews by way of the desk, and for the flow workers."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.access import Caller, Only
from ticketing.db import Reading, Writing, now
from ticketing.rulebook.wiring import Book
from ticketing.work_orders import dispatching, guards, merging, moves, reading, service, timeline
from ticketing.work_orders.actors import Actor
from ticketing.work_orders.claims import speaker
from ticketing.work_orders.errors import OutageMissing
from ticketing.work_orders.models import Note
from ticketing.work_orders.schemas import LineView, Move, OrderView, TimelineView, present
from ticketing.work_orders.states import State

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
    log = reading.log_of(session, number)
    written = session.scalars(select(Note).filter_by(order_number=number).order_by(Note.at)).all()
    lines = timeline.in_order(timeline.steps(log), timeline.notes(written))
    read = reading.clocks_of(order, log, promises, at=now())
    return TimelineView(
        number=number,
        state=State(order.state),
        state_label=State(order.state).label,
        lines=[LineView(**vars(line)) for line in lines],
        clocks=[reading.shown(each) for each in read],
        text="\n\n".join(part for part in (timeline.render(lines), timeline.render_clocks(read)) if part),
    )

"""Give an order to a crew: the one that is named, the one that `routing` chooses, or all who can do it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from statistics import fmean

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ticketing.outages import network
from ticketing.outages.place import Place
from ticketing.work_orders import moves
from ticketing.work_orders.actors import Actor
from ticketing.work_orders.errors import NobodyAble
from ticketing.work_orders.holding import take
from ticketing.work_orders.kinds import Kind
from ticketing.work_orders.models import Crew, Site, Transition, WorkOrder
from ticketing.work_orders.routing import EVERYWHERE, Candidate, Choice, Position, choose
from ticketing.work_orders.states import OPEN, State, is_reopening

TO_ALL = EVERYWHERE
"""Offered to every crew with the skill; the first that acknowledges has it."""


def dispatch(
    session: Session,
    number: str,
    *,
    actor: Actor,
    key: str,
    at: datetime,
    to: str | None = None,
    reason: str = "",
    without: Collection[str] = (),
) -> Transition:
    """Take the order to 派发, also again: given back, escalated, opened anew. Idempotent by `key`.

    `to`: a crew's code, or TO_ALL, or None: chosen among all but `without` and those who gave it back; a suspended
    order stays with its crew. Opening an order again needs a `reason`.
    Raises NobodyAble, CrewNotFound, SkillMissing and the refusals of `moves.move`.
    """
    order = take(session, number)
    first = moves.repeated(session, order, State.DISPATCHED, key=key)
    if first is not None:
        return first
    code, why = _receiver(session, order, to=to, without=without)
    said = reason.strip()
    reopens = is_reopening(State(order.state), State.DISPATCHED)
    words = f"{said} ({why})" if said else "" if reopens else why
    return moves.step(session, order, State.DISPATCHED, actor=actor, reason=words, key=key, at=at, also={"crew": code})


def dispatch_if_able(
    session: Session, order: WorkOrder, place: Place | None, *, actor: Actor, key: str, at: datetime
) -> None:
    """Dispatch a new order at once; where no crew can do it, it stays accepted for a person."""
    choice = chosen(session, order, place)
    if choice is not None:
        also, why = {"crew": choice.crew.code}, choice.reason
        moves.step(session, order, State.DISPATCHED, actor=actor, reason=why, key=key, at=at, also=also)


def _receiver(
    session: Session, order: WorkOrder, *, to: str | None, without: Collection[str]
) -> tuple[str | None, str]:
    if to == TO_ALL:
        return None, "offered to all"
    if to is not None:
        return moves.able(session, to, Kind(order.kind)).code, to
    if order.state == State.SUSPENDED and order.crew is not None:
        return order.crew, order.crew
    place = network.find_place(session, order.address)
    choice = chosen(session, order, place, without={*without, *_gave_back(session, order)})
    if choice is None:
        raise NobodyAble(f"no crew for '{order.kind}' there; name one", skill=Kind(order.kind).skill)
    return choice.crew.code, choice.reason


def chosen(session: Session, order: WorkOrder, place: Place | None, *, without: Collection[str] = ()) -> Choice | None:
    """Who would get the order now."""
    kind = Kind(order.kind)
    return choose(
        kind,
        district=place.district if place else None,
        position=_position(session, place.transformers) if place and place.exact else None,
        crews=_crews(session, skill=kind.skill),
        without=without,
    )


def _crews(session: Session, *, skill: str) -> list[Candidate]:
    crews = session.scalars(select(Crew).where(Crew.skill == skill)).all()
    queues: dict[str | None, dict[int, int]] = {crew.code: {} for crew in crews}
    counted = (
        select(WorkOrder.crew, WorkOrder.priority, func.count())
        .where(WorkOrder.crew.in_(list(queues)), WorkOrder.state.in_(OPEN))
        .group_by(WorkOrder.crew, WorkOrder.priority)
    )
    for code, priority, count in session.execute(counted):
        queues[code][priority] = count
    return [Candidate(crew.code, crew.name, crew.area, crew.skill, _start(crew), queues[crew.code]) for crew in crews]


def _start(crew: Crew) -> Position | None:
    if crew.longitude is None or crew.latitude is None:
        return None
    return Position(crew.longitude, crew.latitude)


def _position(session: Session, transformers: Iterable[str]) -> Position | None:
    """The middle of the transformers that may feed the place, as far as they are known."""
    known = Site.transformer.in_(list(transformers))
    spots = session.execute(select(Site.longitude, Site.latitude).where(known)).all()
    return Position(fmean(x for x, _ in spots), fmean(y for _, y in spots)) if spots else None


def _gave_back(session: Session, order: WorkOrder) -> set[str]:
    """The crews that had this order and returned it."""
    returned = (Transition.order_number == order.number, Transition.state == State.RETURNED)
    return {crew for crew in session.scalars(select(Transition.crew).where(*returned)) if crew is not None}

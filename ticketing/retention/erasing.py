"""One person is forgotten: their personal text goes, what it proves stays. Asked once, carried on until all is gone.

What is held by a dispute or still being worked on is left out, named, and taken up by a later run. Every step can be
done again: rows that are empty are not found a second time.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from ticketing.audit import service as audit
from ticketing.conversations.control import Control
from ticketing.conversations.models import Conversation
from ticketing.db import alone, now
from ticketing.retention import holds
from ticketing.retention.clearing import clear
from ticketing.retention.errors import ErasureNotFound
from ticketing.retention.models import Erasure
from ticketing.retention.persons import How, index_of, traces
from ticketing.retention.scope import Scope, Store
from ticketing.work_orders.models import WorkOrder
from ticketing.work_orders.states import ENDED


def ask(session: Session, *, how: How, value: str, by: str, reason: str, at: datetime) -> Erasure:
    """Note that a person is to be forgotten, and who that is. The same wish, while it is not done, is the same row."""
    who = index_of(how, value)
    alone(session, "erasures")
    same = select(Erasure).where(Erasure.how == how, Erasure.who == who, Erasure.finished_at.is_(None))
    if (known := session.scalar(same)) is not None:
        return known
    found = traces(session, how, who)
    erasure = Erasure(how=how, who=who, asked_by=by, asked_at=at, erased={})
    erasure.conversations, erasure.orders = sorted(found.conversations), sorted(found.orders)
    session.add(erasure)
    session.flush()
    data = {"how": how, "conversations": erasure.conversations, "orders": erasure.orders}
    subject = f"erasure:{erasure.id}"
    audit.record(session, kind="erasure.asked", subject=subject, actor=f"agent:{by}", data=data, at=at, text=reason)
    return erasure


def proceed(sessions: sessionmaker[Session], number: int, stores: Sequence[Store]) -> None:
    """Erase what may be erased now; finish it where nothing is left. Raises ErasureNotFound."""
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        erasure = find(session, number)
        if erasure.finished_at is not None:
            return
        whole = _scope(erasure)
        left = {each["conversation"] for each in left_out(session, erasure)}
    assert whole.conversations is not None
    orders = frozenset(_orders_outside(sessions, whole.orders, left))
    scope = Scope(whole.before, whole.conversations - left, orders)
    for store in stores:
        clear(sessions, store, scope, wrote=partial(_record, number=number, item=store.item))
    with sessions.begin() as session:
        _finish(session, number, stores, whole)


def left_out(session: Session, erasure: Erasure) -> list[dict[str, str]]:
    """The conversations that cannot be erased now, each with why: `held`, `with_person`, `order_open`."""
    held = set(holds.held(session))
    among = Conversation.id.in_(erasure.conversations)
    attended = set(
        session.scalars(
            select(Conversation.id).where(among, Conversation.control.not_in((Control.BOT, Control.CLOSED)))
        )
    )
    working = set(
        session.scalars(
            select(WorkOrder.conversation).where(
                WorkOrder.conversation.in_(erasure.conversations), WorkOrder.state.not_in(ENDED)
            )
        )
    )
    reasons = (("held", held), ("with_person", attended), ("order_open", working))
    return [
        {"conversation": each, "why": why}
        for each in erasure.conversations
        if (why := next((why for why, them in reasons if each in them), None))
    ]


def unfinished(session: Session) -> Sequence[int]:
    return session.scalars(select(Erasure.id).where(Erasure.finished_at.is_(None)).order_by(Erasure.id)).all()


def find(session: Session, number: int) -> Erasure:
    """Raises ErasureNotFound."""
    erasure = session.get(Erasure, number)
    if erasure is None:
        raise ErasureNotFound(f"there is no erasure {number}")
    return erasure


def shown(session: Session, erasure: Erasure) -> dict[str, Any]:
    """How far it is. `left` names what is not erased yet, and why."""
    return {
        "id": erasure.id,
        "how": erasure.how,
        "asked_by": erasure.asked_by,
        "asked_at": erasure.asked_at,
        "finished_at": erasure.finished_at,
        "conversations": erasure.conversations,
        "orders": erasure.orders,
        "erased": erasure.erased,
        "left": [] if erasure.finished_at else left_out(session, erasure),
    }


def _scope(erasure: Erasure) -> Scope:
    return Scope(erasure.asked_at, frozenset(erasure.conversations), frozenset(erasure.orders))


def _orders_outside(sessions: sessionmaker[Session], orders: frozenset[str], left: set[str]) -> Sequence[str]:
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        query = select(WorkOrder.number).where(WorkOrder.number.in_(orders), WorkOrder.conversation.not_in(left))
        return session.scalars(query).all()


def _record(session: Session, count: int, *, number: int, item: str) -> None:
    erasure = session.get_one(Erasure, number, with_for_update=True, populate_existing=True)
    erasure.erased = {**erasure.erased, item: erasure.erased.get(item, 0) + count}
    data = {"item": item, "rows": count}
    subject = f"erasure:{number}"
    audit.record(session, kind="erasure.erased", subject=subject, actor="retention", data=data, at=now())


def _finish(session: Session, number: int, stores: Sequence[Store], scope: Scope) -> None:
    erasure = session.get_one(Erasure, number, with_for_update=True, populate_existing=True)
    if erasure.finished_at is not None or any(store.remaining(session, scope) for store in stores):
        return
    at = now()
    erasure.finished_at, erasure.who = at, None
    for each in erasure.conversations:
        data = {"erasure": number}
        audit.add(session, kind="personal.erased", subject=f"conversation:{each}", actor="retention", data=data, at=at)
    data = dict(erasure.erased)
    audit.record(session, kind="erasure.done", subject=f"erasure:{number}", actor="retention", data=data, at=at)

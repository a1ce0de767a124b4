"""Work orders over HTTP: made, found, and what customers wish of them. Steps: `step_endpoints`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from ticketing.access import Caller, Only
from ticketing.customers import callers
from ticketing.customers.models import Standing
from ticketing.db import Reading, Writing, now
from ticketing.rulebook.wiring import Book
from ticketing.work_orders import holding, service, wishes
from ticketing.work_orders.schemas import ConversationId, NewOrder, OrderView, Wish, present

router = APIRouter(prefix="/api/work-orders", tags=["work orders"])
Anyone = Annotated[Caller, Depends(Only(Caller.ACTIONS, Caller.BOT, Caller.FLOWS, Caller.DEMO))]
Assistant = Annotated[Caller, Depends(Only(Caller.ACTIONS, Caller.BOT))]
Tail = Annotated[str, Query(pattern=r"^\d{1,12}$")]


@router.post("")
def create(asked: NewOrder, session: Writing, promises: Book, caller: Assistant) -> OrderView:
    standing = session.get(Standing, asked.conversation)
    order = service.create(
        session,
        key=asked.key,
        kind=asked.kind,
        conversation=asked.conversation,
        address=asked.address,
        contact_phone=asked.contact_phone or callers.number_of(session, asked.conversation),
        account_number=standing.account.number if standing else None,
        description=asked.description or "",
        details=asked.details,
        at=now(),
        actor=caller,
    )
    return present(session, order, promises)


@router.get("")
def of_conversation(
    session: Writing,
    promises: Book,
    caller: Anyone,
    conversation: ConversationId | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> list[OrderView]:
    service.record_look(session, conversation or "all", actor=caller, at=now())
    orders = service.of_conversation(session, conversation, limit=limit)
    return [present(session, order, promises) for order in orders]


@router.get("/find")
def find(
    session: Reading, promises: Book, caller: Assistant, conversation: ConversationId, tail: Tail | None = None
) -> list[OrderView]:
    return [present(session, each, promises) for each in service.find(session, conversation=conversation, tail=tail)]


@router.get("/{number}")
def show(number: str, session: Writing, promises: Book, caller: Anyone) -> OrderView:
    service.record_look(session, number, actor=caller, at=now())
    return present(session, service.look(session, number), promises)


@router.post("/{number}/urge")
def urge(number: str, wish: Wish, session: Writing, promises: Book, caller: Assistant) -> OrderView:
    order = holding.take(session, number, conversation=wish.conversation)
    wishes.urge(session, order, key=wish.key, text=wish.text or "", actor=caller, at=now())
    return present(session, order, promises)


@router.post("/{number}/amend")
def amend(number: str, wish: Wish, session: Writing, promises: Book, caller: Assistant) -> OrderView:
    order = holding.take(session, number, conversation=wish.conversation)
    wishes.amend(session, order, key=wish.key, text=wish.text or "", address=wish.address, actor=caller, at=now())
    return present(session, order, promises)


@router.post("/{number}/cancel")
def cancel(number: str, wish: Wish, session: Writing, promises: Book, caller: Assistant) -> OrderView:
    order = holding.take(session, number, conversation=wish.conversation)
    wishes.cancel(session, order, key=wish.key, reason=wish.reason or "", actor=caller, at=now())
    return present(session, order, promises)

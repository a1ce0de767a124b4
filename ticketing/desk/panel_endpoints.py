"""What stands beside a conversation, over HTTP: the customer, the facts so far, the orders."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session, sessionmaker

from ticketing.accounts.people import May
from ticketing.accounts.roles import Right
from ticketing.accounts.sessions import Person
from ticketing.conversations.schemas import ConversationId
from ticketing.db import Reading, Writing, now
from ticketing.desk import customer, facts, orders
from ticketing.desk.schemas import CustomerView, DeskOrder, FactsView, OrderMade, OrderWish, Shown, Unmask
from ticketing.desk.visibility import Reader, hold
from ticketing.outages.intake import Intake
from ticketing.rulebook.wiring import Book
from ticketing.work_orders.kinds import Kind
from ticketing.work_orders.schemas import present

router = APIRouter(prefix="/api/desk/conversations/{conversation}", tags=["desk"])
Server = Annotated[Person, Depends(May(Right.SERVE))]


@router.get("/customer")
def show_customer(conversation: ConversationId, _: Reader, session: Reading) -> CustomerView:
    return customer.panel(session, conversation, at=now())


@router.post("/unmask")
def unmask(conversation: ConversationId, asked: Unmask, person: Server, _: Reader, session: Writing) -> Shown:
    """One field in clear, recorded. 409 NotYours; 404 NothingHidden."""
    return Shown(value=customer.unmask(session, conversation, asked, person=person, at=now()))


@router.get("/facts")
def show_facts(conversation: ConversationId, _: Reader, session: Reading) -> FactsView:
    return facts.gather(session, conversation)


@router.get("/orders")
def show_orders(conversation: ConversationId, _: Reader, session: Reading, promises: Book) -> list[DeskOrder]:
    return orders.beside(session, conversation, promises, at=now())


@router.post("/orders")
def make_order(
    conversation: ConversationId, asked: OrderWish, person: Server, _: Reader, request: Request, promises: Book
) -> OrderMade:
    """For the customer of one's own conversation. 409 NotYours, MovedOn; 422 AddressMissing."""
    orders.check(asked)
    factory: sessionmaker[Session] = request.app.state.sessions
    with factory.begin() as session:
        held = hold(session, conversation, person, epoch=asked.epoch)
        if asked.kind is not Kind.OUTAGE:
            order = orders.make(session, held, asked, person=person, at=now())
            return OrderMade(outcome="order", outage=None, order=present(session, order, promises))
        report = orders.as_report(held, asked, person=person)
    intake: Intake = request.app.state.intake  # it has transactions of its own, for many reports at once
    return OrderMade.model_validate(intake.take(report).model_dump())

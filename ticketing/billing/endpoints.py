"""Bills over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from ticketing.access import Caller, Only
from ticketing.billing.quotation import quote
from ticketing.billing.schemas import (
    BillView,
    DueView,
    ExplanationView,
    InvoiceView,
    Month,
    TariffView,
    UsageView,
)
from ticketing.billing.service import Desk
from ticketing.billing.tariff import Category
from ticketing.db import now
from ticketing.personal import mask_name
from ticketing.rulebook.wiring import Book
from ticketing.work_orders.numbers import LOCAL
from ticketing.work_orders.schemas import ConversationId

router = APIRouter(prefix="/api/billing", tags=["billing"])
Assistant = Annotated[Caller, Depends(Only(Caller.ACTIONS, Caller.BOT))]


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.billing
    return desk


Billing = Annotated[Desk, Depends(_desk)]


@router.get("/due")
def due(conversation: ConversationId, billing: Billing, caller: Assistant) -> DueView:
    return DueView.model_validate(billing.due(conversation, at=now(), actor=caller), from_attributes=True)


@router.get("/bill")
def bill(conversation: ConversationId, billing: Billing, caller: Assistant, month: Month | None = None) -> BillView:
    return BillView.of(billing.bill(conversation, month=month, at=now(), actor=caller))


@router.get("/usage")
def usage(conversation: ConversationId, billing: Billing, caller: Assistant, month: Month | None = None) -> UsageView:
    found = billing.usage(conversation, month=month, at=now(), actor=caller)
    return UsageView.model_validate(found, from_attributes=True)


@router.get("/explanation")
def explanation(
    conversation: ConversationId, billing: Billing, caller: Assistant, month: Month | None = None
) -> ExplanationView:
    return ExplanationView.of(billing.explanation(conversation, month=month, at=now(), actor=caller))


@router.get("/invoice")
def invoice(
    conversation: ConversationId, billing: Billing, caller: Assistant, month: Month | None = None
) -> InvoiceView:
    found = billing.invoice(conversation, month=month, at=now(), actor=caller)
    return InvoiceView(month=found.month, state=found.state, title=mask_name(found.title))


@router.get("/tariff")
def in_force(promises: Book, caller: Assistant, category: Category = Category.RESIDENTIAL) -> TariffView:
    return quote(promises, category, on=now().astimezone(LOCAL).date())

"""Bills on the wire. Prices are text, so that no digit is lost."""

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from ticketing.billing.gateway import Bill
from ticketing.billing.service import Explained
from ticketing.billing.tariff import Tier

Month = Annotated[str, Query(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class DueView(BaseModel):
    due_fen: int
    balance_fen: int
    overdue_days: int
    due_date: date | None
    cut_off: bool


class ItemView(BaseModel):
    label: str
    kwh: int
    price: str
    amount_fen: int


class BillView(BaseModel):
    month: str
    kwh: int
    amount_fen: int
    late_fee_fen: int
    paid: bool
    due_date: date
    items: list[ItemView]

    @classmethod
    def of(cls, bill: Bill) -> "BillView":
        items = [ItemView(**{**vars(item), "price": str(item.price)}) for item in bill.items]
        return cls.model_validate({**vars(bill), "items": items})


class UsageView(BaseModel):
    month: str
    kwh: int
    previous_kwh: int | None
    last_year_kwh: int | None
    average_daily_kwh: float


class CauseView(BaseModel):
    cause: str
    label: str
    fen: int


class ExplanationView(BaseModel):
    month: str
    amount_fen: int
    previous_fen: int
    causes: list[CauseView]

    @classmethod
    def of(cls, found: Explained) -> "ExplanationView":
        return cls(
            month=found.bill.month,
            amount_fen=found.bill.amount_fen,
            previous_fen=found.previous.amount_fen,
            causes=[CauseView(cause=each.cause, label=each.label, fen=each.fen) for each in found.causes],
        )


class InvoiceView(BaseModel):
    month: str
    state: str
    title: str


class TierView(BaseModel):
    tier: int
    up_to_kwh: int | None
    price: str
    season: str

    @classmethod
    def of(cls, tier: Tier) -> "TierView":
        return cls(tier=tier.tier, up_to_kwh=tier.up_to_kwh, price=str(tier.price), season=tier.season)


class TariffView(BaseModel):
    tiers: list[TierView]
    rule: str
    confidence: str

"""Bills on the wire. Prices are text, so that no digit is lost."""

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from ticketing.billing.explanation import Share
from ticketing.billing.gateway import Bill
from ticketing.billing.items import Item, Kind
from ticketing.billing.service import Comparison, Explained
from ticketing.billing.tariff import Tier

Month = Annotated[str, Query(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class DueView(BaseModel):
    due_fen: int
    balance_fen: int
    overdue_days: int
    due_date: date | None
    cut_off: bool


class ItemView(BaseModel):
    """`kwh` and `price` are null on a line that is not energy times price; `rules`: rows of the rule book."""

    label: str
    kwh: int | None
    price: str | None
    amount_fen: int
    kind: Kind
    rules: list[str]

    @classmethod
    def of(cls, item: Item) -> "ItemView":
        price = None if item.price is None else str(item.price)
        return cls.model_validate({**vars(item), "price": price})


class BillView(BaseModel):
    month: str
    category: str
    kwh: int
    days: int
    amount_fen: int
    late_fee_fen: int
    paid: bool
    due_date: date
    items: list[ItemView]

    @classmethod
    def of(cls, bill: Bill) -> "BillView":
        items = [ItemView.of(item) for item in bill.items]
        return cls.model_validate({**vars(bill), "items": items})


class ReachedView(BaseModel):
    tier: int
    left_kwh: int | None
    rules: list[str]


class UsageView(BaseModel):
    """`daily_kwh`: of each day, empty where nobody knows; `reached`: residents' tiers, where they may be quoted."""

    month: str
    kwh: int
    previous_kwh: int | None
    last_year_kwh: int | None
    average_daily_kwh: float
    daily_kwh: list[int]
    reached: ReachedView | None


class CauseView(BaseModel):
    """`before` and `after`: the figures behind it, in `unit` (day, kwh, yuan_per_kwh, yuan)."""

    cause: str
    label: str
    fen: int
    before: str
    after: str
    unit: str

    @classmethod
    def of(cls, share: Share) -> "CauseView":
        return cls.model_validate(vars(share))


class ComparisonView(BaseModel):
    """Another bill, and the causes that add up to the difference."""

    month: str
    amount_fen: int
    kwh: int
    days: int
    causes: list[CauseView]

    @classmethod
    def of(cls, found: Comparison) -> "ComparisonView":
        causes = [CauseView.of(each) for each in found.causes]
        other = found.other
        return cls(month=other.month, amount_fen=other.amount_fen, kwh=other.kwh, days=other.days, causes=causes)


class ExplanationView(BaseModel):
    """`previous_fen` and `causes`: of the month before. `rules`: rows of the rule book that the bill's prices are."""

    month: str
    amount_fen: int
    kwh: int
    days: int
    late_fee_fen: int
    previous_fen: int
    causes: list[CauseView]
    last_year: ComparisonView | None
    rules: list[str]

    @classmethod
    def of(cls, found: Explained) -> "ExplanationView":
        bill, previous = found.bill, found.previous
        return cls(
            month=bill.month,
            amount_fen=bill.amount_fen,
            kwh=bill.kwh,
            days=bill.days,
            late_fee_fen=bill.late_fee_fen,
            previous_fen=previous.other.amount_fen,
            causes=[CauseView.of(each) for each in previous.causes],
            last_year=ComparisonView.of(found.last_year) if found.last_year else None,
            rules=list(dict.fromkeys(rule for item in bill.items for rule in item.rules)),
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
    rules: list[str]

    @classmethod
    def of(cls, tier: Tier) -> "TierView":
        return cls.model_validate({**vars(tier), "price": str(tier.price)})


class PeriodView(BaseModel):
    """A part of the commercial day today. `hours`: `[[17, 23]]` is from 17:00 up to 23:00; `price` with the funds."""

    period: str
    label: str
    hours: list[tuple[int, int]]
    price: str
    rules: list[str]


class TariffView(BaseModel):
    """`tiers` for residents, `periods` for time of use, `price` where there is one price. `rule`: the first row."""

    category: str
    tiers: list[TierView]
    periods: list[PeriodView]
    price: str | None
    rule: str
    confidence: str

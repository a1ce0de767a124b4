"""What ticketing answers, typed. Field names are the wire's; money is integer fen, times are aware."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Fact(BaseModel):
    """Frozen; unknown fields are ignored, so that ticketing may add to an answer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Caller(Fact):
    caller_known: bool
    caller_tail: str | None = None
    account_tail: str | None = None
    level: int
    address: str | None = None
    control: str = "bot"
    last_order: str | None = None


class IdentityOutcome(Fact):
    outcome: Literal["verified", "incomplete", "refused", "locked"]
    level: int
    account_tail: str | None = None


class Due(Fact):
    due_fen: int
    balance_fen: int
    overdue_days: int
    due_date: date | None = None
    cut_off: bool


class BillItem(Fact):
    label: str
    kwh: float | None = None
    price: str | None = None
    amount_fen: int


class Bill(Fact):
    month: str
    kwh: float
    amount_fen: int
    paid: bool
    due_date: date | None = None
    items: tuple[BillItem, ...] = ()


class Usage(Fact):
    month: str
    kwh: float
    previous_kwh: float | None = None
    last_year_kwh: float | None = None
    average_daily_kwh: float | None = None


class Cause(Fact):
    """`before` and `after`: the figures behind it; `unit`: day, kwh, yuan_per_kwh or yuan."""

    cause: str
    label: str
    fen: int
    before: str = ""
    after: str = ""
    unit: str = ""


class Explanation(Fact):
    month: str
    amount_fen: int
    previous_fen: int | None = None
    causes: tuple[Cause, ...] = ()


class Invoice(Fact):
    month: str
    state: Literal["issued", "available", "none"]
    title: str | None = None


class Tier(Fact):
    tier: int
    up_to_kwh: int | None = None
    price: str
    season: str


class Tariff(Fact):
    tiers: tuple[Tier, ...]
    rule: str = ""
    confidence: str = "example"


class Office(Fact):
    name: str
    address: str
    hours: str
    phone: str


class Outage(Fact):
    id: str
    kind: str
    area: str
    cause: str | None = None
    state: str | None = None
    started: datetime
    etr: datetime | None = None


class OutagesHere(Fact):
    place: str | None = None
    outages: tuple[Outage, ...] = ()


class Promise(Fact):
    minutes: int | None = None
    text: str


class Order(Fact):
    number: str
    kind: str
    state: str
    state_label: str = ""
    priority: int | None = None
    address: str | None = None
    promise: Promise | None = None


class ReportOutcome(Fact):
    outcome: Literal["known", "order"]
    outage: Outage | None = None
    order: Order | None = None


class HomeAdvice(Fact):
    """What to ask or do next about one dark home; `outage`: the one that turned out to explain it."""

    advice: str
    outage: Outage | None = None


class Handoff(Fact):
    control: str
    position: int | None = None
    wait_s: int | None = None
    order: Order | None = None

"""What ticketing answers, as far as a screen needs it (`ticketing.desk.schemas` is the other end)."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel


class Me(BaseModel):
    login: str
    name: str
    role: str
    rights: list[str]


class Waiting(BaseModel):
    conversation: str
    position: int
    channel: str
    caller: str | None
    skill: str | None
    hazard: bool
    reason: str
    summary: str
    waited_s: int


class Talk(BaseModel):
    conversation: str
    channel: str
    caller: str | None
    control: str
    agent: str | None
    last_seq: int
    last_text: str
    last_speaker: str | None
    unanswered_s: int | None


class Colleague(BaseModel):
    agent: str
    skills: list[str]
    since: datetime
    conversations: int


class Lobby(BaseModel):
    at: datetime
    on_duty: bool
    waiting: list[Waiting]
    mine: list[Talk]
    others: list[Talk]
    colleagues: list[Colleague]


class Head(BaseModel):
    conversation: str
    channel: str
    caller: str | None
    control: str
    epoch: int
    agent: str | None
    hazard: bool
    opened: datetime
    last_seq: int


class Message(BaseModel):
    seq: int
    id: str
    at: datetime
    speaker: str
    agent: str | None
    kind: str
    text: str
    hidden: bool
    confidence: float | None
    talk_track: str | None
    version: int | None
    buttons: list[dict[str, str]]


class Delivery(BaseModel):
    number: int
    message: str
    state: str
    cut_at_ms: int | None


class Page(BaseModel):
    head: Head
    messages: list[Message]
    deliveries: list[Delivery]


class Draft(BaseModel):
    mine: str
    left: str
    left_by: str | None


class Opened(BaseModel):
    page: Page
    draft: Draft


class State(BaseModel):
    control: str
    epoch: int
    agent: str | None


class Outage(BaseModel):
    id: str
    kind: str
    area: str
    cause: str
    started: datetime
    etr: datetime | None
    reports: int = 0


class Customer(BaseModel):
    level: int
    caller: str | None
    caller_accounts: int
    name: str | None
    account: str | None
    phone: str | None
    address: str | None
    category: str | None
    cut_off: bool
    outages: list[Outage]


class OrderView(BaseModel):
    number: str
    kind: str
    state_label: str
    priority: int
    address: str | None
    crew: str | None
    urges: int
    created: datetime


class ClockView(BaseModel):
    item: str
    verdict: str
    deadline: datetime | None
    remaining_s: int
    text: str


class Order(BaseModel):
    order: OrderView
    is_open: bool
    clocks: list[ClockView]


class OrderMade(BaseModel):
    outcome: str
    outage: Outage | None
    order: OrderView | None


class Facts(BaseModel):
    channel: str
    opened: datetime
    messages: dict[str, int]
    wishes: list[dict[str, Any]]
    named: list[dict[str, str]]
    not_understood: int
    dropped: int
    level: int
    asked: dict[str, Any] | None
    orders: list[str]
    outcomes: list[dict[str, Any]]


class Hazard(BaseModel):
    order: str
    raised_at: datetime
    rung: int
    waited_s: int


class Due(BaseModel):
    order: str
    conversation: str
    item: str
    rule: str
    deadline: datetime | None
    verdict: str
    text: str


class Wall(BaseModel):
    at: datetime
    waiting: list[Waiting]
    longest_wait_s: int
    talking: list[Talk]
    colleagues: list[Colleague]
    hazards: list[Hazard]
    hazards_accepted_today: int
    hazards_in_time_today: int
    promises: list[Due]
    outages: list[Outage]
    taken_today: int
    taken_in_time_today: int

"""The desk on the wire, for the console. Personal data is masked unless it was asked for (`unmask`)."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ticketing.conversations.schemas import AgentName, Key, Skill
from ticketing.outages.schemas import OutageView
from ticketing.work_orders.kinds import Kind
from ticketing.work_orders.schemas import ClockView, OrderView, Phone, Words

Ending = Literal["solved", "ordered", "call_back", "no_answer", "other"]
Hidden = Literal["caller", "name", "account", "phone", "address", "message"]


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OnDuty(Asked):
    on: bool


class Fenced(Asked):
    """`epoch`: of the screen on which the person decided this."""

    epoch: int


class Say(Fenced):
    id: Key
    text: str = Field(min_length=1)


class DraftText(Asked):
    text: str = Field(max_length=4000)


class HandOver(Fenced):
    """To a person (`to`), or to whoever has `skill`."""

    to: AgentName | None = None
    skill: Skill | None = None
    note: str = Field("", max_length=500)


class End(Fenced):
    outcome: Ending
    note: str = Field("", max_length=1000)


class Unmask(Asked):
    field: Hidden
    seq: int | None = None
    """Of which message, with `field: message`."""


class OrderWish(Fenced):
    key: Key
    kind: Kind
    address: Annotated[str, Field(max_length=300)] | None = None
    contact_phone: Phone | None = None
    description: Words = ""


class WaitingView(BaseModel):
    conversation: str
    position: int
    channel: str
    caller: str | None
    skill: str | None
    hazard: bool
    reason: str
    summary: str
    waiting_since: datetime
    waited_s: int
    last_seq: int


class OpenView(BaseModel):
    """A conversation that somebody talks in. `unanswered_s`: since the customer's last word, None once answered."""

    conversation: str
    channel: str
    caller: str | None
    control: str
    agent: str | None
    last_seq: int
    last_text: str
    last_speaker: str | None
    last_activity: datetime
    unanswered_s: int | None


class ColleagueView(BaseModel):
    agent: str
    skills: list[str]
    since: datetime
    conversations: int


class LobbyView(BaseModel):
    at: datetime
    on_duty: bool
    waiting: list[WaitingView]
    mine: list[OpenView]
    others: list[OpenView]
    colleagues: list[ColleagueView]


class HeadView(BaseModel):
    conversation: str
    channel: str
    caller: str | None
    control: str
    epoch: int
    agent: str | None
    skill: str | None
    hazard: bool
    waiting_since: datetime | None
    opened: datetime
    last_activity: datetime
    last_seq: int
    dropped: int


class MessageView(BaseModel):
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


class DeliveryView(BaseModel):
    number: int
    message: str
    state: str
    at: datetime
    cut_at_ms: int | None


class PageView(BaseModel):
    """What is new behind two numbers: of the last message and of the last delivery that the screen has."""

    head: HeadView
    messages: list[MessageView]
    deliveries: list[DeliveryView]


class DraftView(BaseModel):
    """`mine`: not sent yet. `left`: what the one before had typed, for who has the conversation now."""

    mine: str
    left: str
    left_by: str | None


class OpenedView(BaseModel):
    page: PageView
    draft: DraftView


class StateView(BaseModel):
    control: str
    epoch: int
    agent: str | None


class CustomerView(BaseModel):
    """`level`: 0 nothing proven, 1 the amount due, 2 everything."""

    level: int
    caller: str | None
    caller_accounts: int
    name: str | None
    account: str | None
    phone: str | None
    address: str | None
    category: str | None
    cut_off: bool
    outages: list[OutageView]


class Shown(BaseModel):
    value: str


class DeskOrder(BaseModel):
    order: OrderView
    is_open: bool
    clocks: list[ClockView]


class OrderMade(BaseModel):
    """`known`: an outage explains the report, and no order of its own was needed unless `order` is there."""

    outcome: Literal["known", "order"]
    outage: OutageView | None
    order: OrderView | None


class FactsView(BaseModel):
    """What is known of the conversation, without a sentence: the console words it."""

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


class HazardView(BaseModel):
    order: str
    raised_at: datetime
    rung: int
    waited_s: int
    accepted_by: str | None


class DuePromise(BaseModel):
    order: str
    conversation: str
    item: str
    rule: str
    deadline: datetime | None
    verdict: str
    text: str


class OutageOnWall(OutageView):
    reports: int


class WallView(BaseModel):
    """Each number on the wall is the length of one of these lists, or is told beside it."""

    at: datetime
    waiting: list[WaitingView]
    longest_wait_s: int
    talking: list[OpenView]
    colleagues: list[ColleagueView]
    hazards: list[HazardView]
    hazards_accepted_today: int
    hazards_in_time_today: int
    promises: list[DuePromise]
    outages: list[OutageOnWall]
    taken_today: int
    taken_in_time_today: int

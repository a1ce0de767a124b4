"""Tables of work orders: the order, its log of transitions, its notes, the crews, the day's numbers."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.db import Base, Moment
from ticketing.personal import Sealed


class Crew(Base):
    """People who go out or call back: one skill, one area (a district, or `*` for everywhere).

    `longitude`, `latitude`: where they start from, in degrees (WGS 84), or unknown.
    """

    __tablename__ = "crews"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    area: Mapped[str] = mapped_column(String(40))
    skill: Mapped[str] = mapped_column(String(16))
    longitude: Mapped[float | None]
    latitude: Mapped[float | None]


class Site(Base):
    """Where a transformer stands, in degrees (WGS 84); the network's tree knows what it feeds, not how far it is."""

    __tablename__ = "transformer_sites"

    transformer: Mapped[str] = mapped_column(String(32), primary_key=True)
    longitude: Mapped[float]
    latitude: Mapped[float]


class WorkOrder(Base):
    """One thing to be done. `key` is the caller's, so that asking twice makes one order.

    `confidential`: who denounced stays hidden from everybody but their own conversation. `details` is JSON.
    `crew`: who has it; None while it waits for a person, or is offered to every able crew. `outage`: merged into it.
    """

    __tablename__ = "work_orders"
    __table_args__ = (Index("ix_work_orders_conversation", "conversation", "created"),)

    number: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(16), index=True)
    priority: Mapped[int]
    conversation: Mapped[str] = mapped_column(String(128))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    crew: Mapped[str | None] = mapped_column(ForeignKey("crews.code"))
    outage: Mapped[str | None] = mapped_column(String(32), index=True)
    zone: Mapped[str | None] = mapped_column(String(16))
    address: Mapped[str | None] = mapped_column(Sealed)
    contact_phone: Mapped[str | None] = mapped_column(Sealed)
    contact_index: Mapped[str | None] = mapped_column(String(64), index=True)
    description: Mapped[str] = mapped_column(Sealed)
    details: Mapped[str] = mapped_column(Sealed)
    urges: Mapped[int] = mapped_column(default=0)
    confidential: Mapped[bool] = mapped_column(default=False)
    created: Mapped[datetime] = mapped_column(Moment)
    changed: Mapped[datetime] = mapped_column(Moment)
    erased_at: Mapped[datetime | None] = mapped_column(Moment)


class Transition(Base):
    """One change of state: who (`crew:CR-…`), when, why. The log is only added to; clocks are computed from it.

    `crew`: who had the order then. `at` never runs backwards within an order; `happened` is set where an event came in
    late: what its sender said.
    """

    __tablename__ = "work_order_transitions"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_number: Mapped[str] = mapped_column(ForeignKey("work_orders.number"), index=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    origin: Mapped[str | None] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    crew: Mapped[str | None] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Moment)
    happened: Mapped[datetime | None] = mapped_column(Moment)


class Note(Base):
    """What the customer added later: an urge, an amendment, the reason of a cancellation."""

    __tablename__ = "work_order_notes"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    order_number: Mapped[str] = mapped_column(ForeignKey("work_orders.number"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Sealed)
    at: Mapped[datetime] = mapped_column(Moment)
    erased_at: Mapped[datetime | None] = mapped_column(Moment)


class DayNumber(Base):
    """The last number given out on a day (`yyyymmdd`, Asia/Shanghai)."""

    __tablename__ = "work_order_numbers"

    day: Mapped[str] = mapped_column(String(8), primary_key=True)
    last: Mapped[int]

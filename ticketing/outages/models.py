"""Tables of the network (substation, feeder, transformer), the places it serves, outages and reports."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.db import Base, Moment
from ticketing.personal import Sealed


class NetworkNode(Base):
    """A substation, a feeder under it or a transformer under that."""

    __tablename__ = "network_nodes"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(80))
    parent: Mapped[str | None] = mapped_column(ForeignKey("network_nodes.code"), index=True)
    homes: Mapped[int | None]
    """Customers of a transformer; None: not known."""


class ServedPlace(Base):
    """What one transformer feeds: a stretch of a road (numbers `first`..`last`) or an estate, a village, a landmark."""

    __tablename__ = "served_places"

    id: Mapped[int] = mapped_column(primary_key=True)
    transformer: Mapped[str] = mapped_column(ForeignKey("network_nodes.code"), index=True)
    city: Mapped[str] = mapped_column(String(40))
    district: Mapped[str] = mapped_column(String(40), index=True)
    zone: Mapped[str] = mapped_column(String(16))
    """`urban`, `rural` or `remote`: which promise holds."""
    road: Mapped[str | None] = mapped_column(String(60))
    first: Mapped[int | None]
    last: Mapped[int | None]
    landmark: Mapped[str | None] = mapped_column(String(60))


class Outage(Base):
    """Power that is off, or will be, below one node. `etr`: estimated time of restoration.

    A `predicted` one was placed from calls and moves as more come in; one that people announced or confirmed stays.
    """

    __tablename__ = "outages"
    __table_args__ = (Index("ix_outages_state", "state", "node"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    node: Mapped[str] = mapped_column(ForeignKey("network_nodes.code"))
    area: Mapped[str] = mapped_column(String(120))
    cause: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(16))
    started: Mapped[datetime] = mapped_column(Moment)
    etr: Mapped[datetime | None] = mapped_column(Moment)
    predicted: Mapped[bool] = mapped_column(default=False)
    confidence: Mapped[float | None]
    """0 to 1: how much likelier this device is than what else explains the calls."""
    order_number: Mapped[str | None] = mapped_column(String(16), index=True)
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("outages.id"))
    restored_at: Mapped[datetime | None] = mapped_column(Moment)
    reopened: Mapped[int] = mapped_column(default=0)


class OutageReport(Base):
    """What one customer reported: attached to a known outage, or to the order that it made, or to both."""

    __tablename__ = "outage_reports"
    __table_args__ = (Index("ix_outage_reports_open", "withdrawn_at", "at"),)

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    conversation: Mapped[str] = mapped_column(String(128), index=True)
    transformer: Mapped[str | None] = mapped_column(ForeignKey("network_nodes.code"))
    node: Mapped[str | None] = mapped_column(ForeignKey("network_nodes.code"))
    """The lowest device that surely feeds the place; above the transformer where the address was not exact."""
    caller: Mapped[str | None] = mapped_column(String(64), index=True)
    """Blind index of the number to call back, or of the conversation: who rings twice counts once as a sign."""
    outage: Mapped[str | None] = mapped_column(ForeignKey("outages.id"), index=True)
    order_number: Mapped[str | None] = mapped_column(String(16), index=True)
    address: Mapped[str] = mapped_column(Sealed)
    scope: Mapped[str | None] = mapped_column(String(16))
    need: Mapped[str | None] = mapped_column(String(16))
    """`medical`, `lift` or `neighbours_lit`: why this caller is more than one of many."""
    event_time: Mapped[str | None] = mapped_column(String(32))
    contact_phone: Mapped[str | None] = mapped_column(Sealed)
    description: Mapped[str] = mapped_column(Sealed)
    at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    """It is no sign of an outage any more: the customer withdrew it, or power came back."""
    settled_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    """When it was known what is to be done: an outage's flow, or one of its own, goes on from here."""
    erased_at: Mapped[datetime | None] = mapped_column(Moment)


class Placement(Base):
    """The log of where an outage was thought to be: what was known, and how sure it was. Only added to."""

    __tablename__ = "outage_placements"

    id: Mapped[int] = mapped_column(primary_key=True)
    outage: Mapped[str] = mapped_column(ForeignKey("outages.id"), index=True)
    node: Mapped[str] = mapped_column(ForeignKey("network_nodes.code"))
    change: Mapped[str] = mapped_column(String(16))
    calls: Mapped[int]
    confidence: Mapped[float]
    at: Mapped[datetime] = mapped_column(Moment)


class CallBack(Base):
    """The question whether power is back, put once to each caller after each restoration."""

    __tablename__ = "outage_callbacks"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    outage: Mapped[str] = mapped_column(ForeignKey("outages.id"), index=True)
    report: Mapped[str] = mapped_column(ForeignKey("outage_reports.key"))
    conversation: Mapped[str] = mapped_column(String(128), index=True)
    way: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    power: Mapped[bool | None]
    answered_at: Mapped[datetime | None] = mapped_column(Moment)


class HazardAlarm(Base):
    """A dispatcher on duty is rung for a hazard until one accepts. Written once a hazard's order is there."""

    __tablename__ = "hazard_alarms"

    order_number: Mapped[str] = mapped_column(ForeignKey("work_orders.number"), primary_key=True)
    raised_at: Mapped[datetime] = mapped_column(Moment)
    """When the order was made: the time until acceptance counts from here."""
    rung: Mapped[int] = mapped_column(default=0)
    rung_at: Mapped[datetime | None] = mapped_column(Moment)
    accepted_by: Mapped[str | None] = mapped_column(String(80))
    accepted_at: Mapped[datetime | None] = mapped_column(Moment, index=True)


class Mark(Base):
    """A named counter that only grows (see `marks`)."""

    __tablename__ = "outage_marks"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int]

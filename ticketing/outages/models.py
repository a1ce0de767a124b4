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
    """Power that is off, or will be, below one node. `etr`: estimated time of restoration."""

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


class OutageReport(Base):
    """What one customer reported: attached to a known outage, or to the order that it made."""

    __tablename__ = "outage_reports"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    conversation: Mapped[str] = mapped_column(String(128), index=True)
    transformer: Mapped[str | None] = mapped_column(ForeignKey("network_nodes.code"))
    outage: Mapped[str | None] = mapped_column(ForeignKey("outages.id"), index=True)
    order_number: Mapped[str | None] = mapped_column(String(16), index=True)
    address: Mapped[str] = mapped_column(Sealed)
    scope: Mapped[str | None] = mapped_column(String(16))
    event_time: Mapped[str | None] = mapped_column(String(32))
    contact_phone: Mapped[str | None] = mapped_column(Sealed)
    description: Mapped[str] = mapped_column(Sealed)
    at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)

"""A conversation's scoring sheet as an inspector filled it in, what the agent said to it, and what was decided."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.db import Base, Moment
from ticketing.personal import Sealed


class Inspection(Base):
    """`scores`: points by criterion; `total`: what counts now. `agent`: who is scored, a person's name or `bot`."""

    __tablename__ = "inspections"
    __table_args__ = (UniqueConstraint("conversation", "agent", "sheet", name="uq_inspections"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    conversation: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    agent: Mapped[str] = mapped_column(String(80), index=True)
    sheet: Mapped[str] = mapped_column(String(40))
    """Id and version of the sheet: `service/1`."""
    state: Mapped[str] = mapped_column(String(12))
    scores: Mapped[dict[str, int]] = mapped_column(JSON)
    total: Mapped[int]
    inspector: Mapped[str] = mapped_column(String(80))
    filled_at: Mapped[datetime] = mapped_column(Moment)
    remarks: Mapped[str] = mapped_column(Sealed)
    contested_at: Mapped[datetime | None] = mapped_column(Moment)
    contest: Mapped[str | None] = mapped_column(Sealed)
    hold: Mapped[int | None] = mapped_column(ForeignKey("legal_holds.id"))
    """The hold that the contest placed; the decision lifts it."""
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decision: Mapped[str | None] = mapped_column(Sealed)
    first_scores: Mapped[dict[str, int] | None] = mapped_column(JSON)
    """What the first inspector had given, where the decision changed it."""
    erased_at: Mapped[datetime | None] = mapped_column(Moment)

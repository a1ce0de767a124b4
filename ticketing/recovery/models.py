"""What a restore leaves in the database: the gap it made, and what the outside world did in it."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.db import Base, Moment


class Restore(Base):
    """The database was put back to `taken_at`; what happened until `restored_at` is the gap.

    While `reconciled_at` is empty nothing goes out (`fence`). `adopted`: effects outside that are taken over;
    `remade`: orders of the gap made again from the crews' jobs; `unknown`: effects of orders that nobody knows here.
    """

    __tablename__ = "restores"

    id: Mapped[int] = mapped_column(primary_key=True)
    taken_at: Mapped[datetime] = mapped_column(Moment)
    restored_at: Mapped[datetime] = mapped_column(Moment)
    reconciled_at: Mapped[datetime | None] = mapped_column(Moment)
    adopted: Mapped[int] = mapped_column(default=0)
    remade: Mapped[int] = mapped_column(default=0)
    unknown: Mapped[int] = mapped_column(default=0)


class OutsideEffect(Base):
    """An effect of the gap that an outside system holds. A step that would have it again gets this receipt instead."""

    __tablename__ = "outside_effects"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    system: Mapped[str] = mapped_column(String(16))
    receipt: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(Moment)
    order_number: Mapped[str | None] = mapped_column(String(16), index=True)
    """None: not an order's. An order that is not in `work_orders` is one for a person."""

"""A message that must leave the house, written in the transaction that made it necessary."""

from datetime import datetime

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.db import Base, Moment
from ticketing.personal import Sealed


class OutboxEntry(Base):
    """One sending. Entries of one `lane` leave in the order of `id`; entries without a lane are free.

    It is open until `done_at` (sent) or `given_up_at` (refused for good) is set. `lease_until` belongs to the drainer
    that is sending it: when that one dies, the lease runs out and another takes over, so the receiver must be
    idempotent by `key`.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_open", "done_at", "given_up_at", "next_at"),
        Index("ix_outbox_lane", "lane", "id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    lane: Mapped[str | None] = mapped_column(String(200))
    payload: Mapped[str] = mapped_column(Sealed)
    """JSON; encrypted, because it holds the words of a customer or an agent."""
    created: Mapped[datetime] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_at: Mapped[datetime] = mapped_column(Moment)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    given_up_at: Mapped[datetime | None] = mapped_column(Moment)
    last_error: Mapped[str | None] = mapped_column(String(300))
    erased_at: Mapped[datetime | None] = mapped_column(Moment)

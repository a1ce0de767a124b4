"""What the flows keep beside the orders: workers' leases, steps done and tried, promises told, pictures taken."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.db import Base, Moment

ORDER = "work_orders.number"


class Worker(Base):
    """One life of one worker process. It beats while it lives; `adopted_at`: its flows were given to others."""

    __tablename__ = "flow_workers"

    executor: Mapped[str] = mapped_column(String(64), primary_key=True)
    started: Mapped[datetime] = mapped_column(Moment)
    beat_at: Mapped[datetime] = mapped_column(Moment, index=True)
    adopted_at: Mapped[datetime | None] = mapped_column(Moment)


class StepDone(Base):
    """One step of an order that is over, whatever came of it. The key is also what outside systems are given.

    `outcome`: `done`, `refused` (a business error: a person has it) or `skipped`. `detail`: what an operator may read:
    receipts and reasons, no customer's data.
    """

    __tablename__ = "flow_steps"
    __table_args__ = (UniqueConstraint("order_number", "step", name="uq_flow_steps"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_number: Mapped[str] = mapped_column(ForeignKey(ORDER))
    step: Mapped[str] = mapped_column(String(60))
    outcome: Mapped[str] = mapped_column(String(12))
    detail: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(Moment)


class StepTry(Base):
    """A step that failed for technical reasons: how often, why, and when it is due again. Gone once it is over."""

    __tablename__ = "flow_tries"

    order_number: Mapped[str] = mapped_column(ForeignKey(ORDER), primary_key=True)
    step: Mapped[str] = mapped_column(String(60), primary_key=True)
    tries: Mapped[int]
    error: Mapped[str] = mapped_column(String(300))
    next_at: Mapped[datetime] = mapped_column(Moment)


class ToldPromise(Base):
    """A time that a customer was told. `message` is the sentence (of `conversation`) in which that was.

    `check_at` is when somebody must look at it next: before it breaks, when it breaks, or after its clock was paused;
    None: it is settled (`kept_at`, `broken_at`, or the order ended otherwise).
    """

    __tablename__ = "promises"
    __table_args__ = (
        UniqueConstraint("conversation", "message", "item", name="uq_promises_sentence"),
        Index("ix_promises_check", "check_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_number: Mapped[str] = mapped_column(ForeignKey(ORDER), index=True)
    conversation: Mapped[str] = mapped_column(String(128))
    message: Mapped[str] = mapped_column(String(200))
    item: Mapped[str] = mapped_column(String(40))
    """`arrival`, `restoration`, …: which span of the order's log its clock measures (`work_orders.terms.SPANS`)."""
    rule: Mapped[str] = mapped_column(String(60))
    told_at: Mapped[datetime] = mapped_column(Moment)
    amount: Mapped[int]
    unit: Mapped[str] = mapped_column(String(16))
    """The promise itself. The deadline follows from the order's log, because its clock may have been paused."""
    check_at: Mapped[datetime | None] = mapped_column(Moment)
    warned_at: Mapped[datetime | None] = mapped_column(Moment)
    kept_at: Mapped[datetime | None] = mapped_column(Moment)
    broken_at: Mapped[datetime | None] = mapped_column(Moment)


class Evidence(Base):
    """A picture that a robot took while it worked; the file is sealed and 0600, `digest` is of what was seen."""

    __tablename__ = "flow_evidence"
    __table_args__ = (UniqueConstraint("order_number", "step", "name", name="uq_flow_evidence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_number: Mapped[str] = mapped_column(ForeignKey(ORDER))
    step: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(60))
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)
    erased_at: Mapped[datetime | None] = mapped_column(Moment)

"""Tables of customers and of what a conversation has proven. Personal fields are sealed; blind indexes find them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ticketing.db import Base, Moment
from ticketing.personal import Sealed


class Customer(Base):
    """A person or firm with a contract."""

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Sealed)
    id_last4: Mapped[str] = mapped_column(Sealed)
    phone: Mapped[str] = mapped_column(Sealed)
    phone_index: Mapped[str] = mapped_column(String(64), index=True)


class MeteringPoint(Base):
    """Where energy is measured: an address on one transformer of the network."""

    __tablename__ = "metering_points"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    transformer: Mapped[str] = mapped_column(ForeignKey("network_nodes.code"), index=True)
    address: Mapped[str] = mapped_column(Sealed)


class Account(Base):
    """A contract (户号). `area_code`: of the bureau's area. `category`: the class whose prices hold. `cut_off`:
    disconnected for arrears. `balance_fen`: what was paid in advance."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    metering_point: Mapped[str] = mapped_column(ForeignKey("metering_points.code"))
    number: Mapped[str] = mapped_column(Sealed)
    number_index: Mapped[str] = mapped_column(String(64), unique=True)
    area_code: Mapped[str] = mapped_column(String(6), default="")
    category: Mapped[str] = mapped_column(String(16), default="residential")
    balance_fen: Mapped[int] = mapped_column(default=0)
    cut_off: Mapped[bool] = mapped_column(default=False)

    customer: Mapped[Customer] = relationship()
    place: Mapped[MeteringPoint] = relationship()


class Meter(Base):
    """The instrument at a metering point; the asset number is printed on it (电表编号)."""

    __tablename__ = "meters"

    asset_number: Mapped[str] = mapped_column(String(32), primary_key=True)
    metering_point: Mapped[str] = mapped_column(ForeignKey("metering_points.code"), index=True)
    installed_on: Mapped[date]


class Standing(Base):
    """What a conversation has proven so far: level 1 (the amount due) or 2 (everything) of one account."""

    __tablename__ = "standings"

    conversation: Mapped[str] = mapped_column(String(128), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    level: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)

    account: Mapped[Account] = relationship()


class IdentityCheck(Base):
    """One try, kept with blind indexes only, so that tries on accounts that do not exist count alike."""

    __tablename__ = "identity_checks"
    __table_args__ = (
        Index("ix_identity_checks_account", "account_index", "at"),
        Index("ix_identity_checks_conversation", "conversation", "at"),
        Index("ix_identity_checks_caller", "caller_index", "at"),
    )

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    conversation: Mapped[str] = mapped_column(String(128))
    account_index: Mapped[str | None] = mapped_column(String(64))
    caller_index: Mapped[str | None] = mapped_column(String(64))
    wrong: Mapped[bool]
    outcome: Mapped[str] = mapped_column(String(16))
    level: Mapped[int]
    account_tail: Mapped[str | None] = mapped_column(String(4))
    at: Mapped[datetime] = mapped_column(Moment)


class OneTimeCode(Base):
    """A code that was asked for. Only a keyed hash is kept; `sent` is false where there was nobody to send it to."""

    __tablename__ = "one_time_codes"
    __table_args__ = (Index("ix_one_time_codes_account", "account_index", "at"),)

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    conversation: Mapped[str] = mapped_column(String(128), index=True)
    account_index: Mapped[str | None] = mapped_column(String(64))
    code_hash: Mapped[str] = mapped_column(String(64))
    sent: Mapped[bool]
    at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)

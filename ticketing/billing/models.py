"""The built-in store of bills, for a utility that has not (yet) connected its own marketing system."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.db import Base


class StoredBill(Base):
    """One month's bill; `items` are the tiers: `[{"label", "kwh", "price", "amount_fen"}]`."""

    __tablename__ = "bills"
    __table_args__ = (UniqueConstraint("account_id", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    month: Mapped[str] = mapped_column(String(7))
    kwh: Mapped[int]
    days: Mapped[int]
    amount_fen: Mapped[int]
    late_fee_fen: Mapped[int] = mapped_column(default=0)
    due_on: Mapped[date]
    paid_on: Mapped[date | None]
    invoice: Mapped[str] = mapped_column(String(16), default="available")
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

"""The built-in store of bills, for a utility that has not (yet) connected its own marketing system.

Shaped like the utility's own: an account (户号, area code) has a metering point, whose usage is kept by month and day;
a month's bill is made from it.
"""

import json
from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ticketing.billing.usage import MonthUse
from ticketing.customers.models import Account
from ticketing.db import Base
from ticketing.personal import Sealed


class MeteredMonth(Base):
    """A metering point's month: kWh, and sealed the kWh of each day and (for time of use) hour, because they tell when
    somebody is at home. `first_day`: the month's first, or the contract's."""

    __tablename__ = "metered_months"
    __table_args__ = (UniqueConstraint("metering_point", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    metering_point: Mapped[str] = mapped_column(ForeignKey("metering_points.code"))
    month: Mapped[str] = mapped_column(String(7))
    first_day: Mapped[date]
    kwh: Mapped[int]
    detail: Mapped[str] = mapped_column(Sealed)
    """`{"days": [kWh], "hours": [[24 kWh], …]}`"""

    @classmethod
    def of(cls, metering_point: str, use: MonthUse) -> "MeteredMonth":
        detail = json.dumps({"days": use.days, "hours": use.hours})
        month = f"{use.first:%Y-%m}"
        return cls(metering_point=metering_point, month=month, first_day=use.first, kwh=use.kwh, detail=detail)

    def use(self) -> MonthUse:
        detail = json.loads(self.detail)
        return MonthUse(self.first_day, tuple(detail["days"]), tuple(tuple(day) for day in detail["hours"]))


class StoredBill(Base):
    """One month's bill; `items` are its lines: `[{"label", "kwh", "price", "amount_fen", "kind", "rules"}]`."""

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

    account: Mapped[Account] = relationship()

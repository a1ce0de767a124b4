"""What billing needs of whoever keeps the bills: the built-in store, or the utility's own marketing system."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from ticketing.billing.items import Item
from ticketing.errors import NotFound, TicketingError


class BillNotFound(NotFound):
    """There is no bill of that month for that account."""


class BillingUnavailable(TicketingError):
    """The marketing system does not answer, or not in a way that can be understood."""

    status = 503


class InvoiceState(StrEnum):
    ISSUED = "issued"
    AVAILABLE = "available"
    NONE = "none"


@dataclass(frozen=True)
class Bill:
    """A month's bill. `amount_fen` is the items' sum and the late fee. `month`: `YYYY-MM`. `category`: as the utility
    names it. `daily`: kWh of each day, from the month's or the contract's first; empty where nobody knows."""

    month: str
    kwh: int
    days: int
    amount_fen: int
    late_fee_fen: int
    paid: bool
    due_date: date
    items: tuple[Item, ...]
    category: str = "residential"
    daily: tuple[int, ...] = ()


@dataclass(frozen=True)
class Due:
    """What is to be paid today, late fees in it. `due_date`: of the oldest unpaid bill."""

    due_fen: int
    balance_fen: int
    overdue_days: int
    due_date: date | None
    cut_off: bool


@dataclass(frozen=True)
class Invoice:
    month: str
    state: InvoiceState
    title: str


class Gateway(Protocol):
    """Accounts are named by their number (户号). All may raise BillingUnavailable."""

    def due(self, account: str, *, today: date) -> Due: ...

    def bill(self, account: str, *, month: str | None) -> Bill:
        """The bill of `month`, or the newest. Raises BillNotFound."""
        ...

    def bills(self, account: str, *, months: tuple[str, ...]) -> dict[str, Bill]:
        """Those of `months` that there are."""
        ...

    def invoice(self, account: str, *, month: str | None) -> Invoice:
        """State `none` where that month has no bill."""
        ...

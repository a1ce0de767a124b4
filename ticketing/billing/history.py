"""Make the demo's bills: thirteen months that follow the tariff, the same ones each time. Pure."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zlib import crc32

from ticketing.billing.gateway import Item
from ticketing.billing.months import shift
from ticketing.billing.tariff import charge, first_day, late_fee, season_of, tiers
from ticketing.rulebook.rules import Rulebook

MONTHS = 13
PERCENT_OF_BASE = (118, 110, 92, 90, 100, 126, 152, 156, 130, 100, 94, 106)
"""January to December: a hot summer, a damp cold winter."""
PAID_LATE_DAYS = 9


@dataclass(frozen=True)
class Habits:
    """How a demo customer uses energy and pays. `unpaid`: how many of the newest bills are open."""

    account: str
    base_kwh: int
    unpaid: int
    late_payment: bool


@dataclass(frozen=True)
class PastBill:
    month: str
    kwh: int
    days: int
    amount_fen: int
    late_fee_fen: int
    due_on: date
    paid_on: date | None
    items: tuple[Item, ...]


def bills(habits: Habits, book: Rulebook, *, today: date) -> Iterator[PastBill]:
    """The bills of the thirteen months before today's, oldest first."""
    newest = shift(f"{today:%Y-%m}", -1)
    before: PastBill | None = None
    for back in range(MONTHS - 1, -1, -1):
        month = shift(newest, -back)
        fee = _late_fee(before, book) if habits.late_payment and back == 0 else 0
        before = _bill(habits, month, book, late_fee_fen=fee, open_=back < habits.unpaid, today=today)
        yield before


def _bill(habits: Habits, month: str, book: Rulebook, *, late_fee_fen: int, open_: bool, today: date) -> PastBill:
    kwh = _kwh(habits, month)
    items = charge(kwh, tiers(book, season_of(month, book), on=first_day(month)))
    due_on = first_day(shift(month, 1)).replace(day=int(book.number("payment.term", on=first_day(month))))
    return PastBill(
        month=month,
        kwh=kwh,
        days=calendar.monthrange(int(month[:4]), int(month[5:]))[1],
        amount_fen=sum(item.amount_fen for item in items) + late_fee_fen,
        late_fee_fen=late_fee_fen,
        due_on=due_on,
        paid_on=None if open_ else min(due_on.replace(day=12), today),
        items=items,
    )


def _kwh(habits: Habits, month: str) -> int:
    wobble = crc32(f"{habits.account}:{month}".encode()) % 17 - 8
    return habits.base_kwh * (PERCENT_OF_BASE[int(month[5:]) - 1] + wobble) // 100


def _late_fee(bill: PastBill | None, book: Rulebook) -> int:
    if bill is None:
        return 0
    a_day, least = book.number("late_fee.residential", on=bill.due_on), book.number("late_fee.minimum", on=bill.due_on)
    return late_fee(bill.amount_fen, days=PAID_LATE_DAYS, a_day=a_day, minimum_yuan=least)

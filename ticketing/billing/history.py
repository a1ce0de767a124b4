"""Make the demo's usage and bills: thirteen months that follow the tariff, the same ones each time. Pure."""

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise
from zlib import crc32

from ticketing.billing.calculation import calculate
from ticketing.billing.items import Item
from ticketing.billing.months import shift
from ticketing.billing.penalty import late_fee
from ticketing.billing.tariff import Category, first_day
from ticketing.billing.usage import MonthUse
from ticketing.rulebook.rules import Rulebook

MONTHS = 13
PERCENT_OF_BASE = (118, 110, 92, 90, 100, 126, 152, 156, 130, 100, 94, 106)
"""January to December: a hot summer, a damp cold winter."""
PAID_LATE_DAYS = 9
OPENING_HOURS = (1, 1, 1, 1, 1, 1, 1, 2, 4, 8, 9, 9, 8, 8, 9, 9, 9, 9, 10, 10, 9, 6, 2, 1)
"""How a shop's day is shared among its hours."""


@dataclass(frozen=True)
class Habits:
    """How a demo customer uses energy and pays. `unpaid`: how many of the newest bills are open."""

    account: str
    base_kwh: int
    unpaid: int
    late_payment: bool
    category: Category = Category.RESIDENTIAL


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
    use: MonthUse


def bills(habits: Habits, book: Rulebook, *, today: date) -> Iterator[PastBill]:
    """The bills of the thirteen months before today's, oldest first."""
    newest = shift(f"{today:%Y-%m}", -1)
    before: PastBill | None = None
    for back in range(MONTHS - 1, -1, -1):
        month = shift(newest, -back)
        fee = _late_fee(before, habits, book) if habits.late_payment and back == 0 else 0
        before = _bill(habits, month, book, late_fee_fen=fee, open_=back < habits.unpaid, today=today)
        yield before


def _bill(habits: Habits, month: str, book: Rulebook, *, late_fee_fen: int, open_: bool, today: date) -> PastBill:
    use = _use(habits, month)
    items = calculate(use, habits.category, book)
    due_on = first_day(shift(month, 1)).replace(day=int(book.number("payment.term", on=first_day(month))))
    return PastBill(
        month=month,
        kwh=use.kwh,
        days=len(use.days),
        amount_fen=sum(item.amount_fen for item in items) + late_fee_fen,
        late_fee_fen=late_fee_fen,
        due_on=due_on,
        paid_on=None if open_ else min(due_on.replace(day=12), today),
        items=items,
        use=use,
    )


def _use(habits: Habits, month: str) -> MonthUse:
    """The month's energy shared among its days, weekends a little more at home; for a shop among the hours too."""
    first = first_day(month)
    weights = [
        10 + 3 * (date(first.year, first.month, day).weekday() >= 5) + _wobble(habits, f"{month}-{day:02d}", 5)
        for day in range(1, calendar.monthrange(first.year, first.month)[1] + 1)
    ]
    days = _shared(_kwh(habits, month), weights)
    shop = habits.category is Category.COMMERCIAL
    return MonthUse(first, days, tuple(_shared(kwh, OPENING_HOURS) for kwh in days) if shop else ())


def _shared(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Whole parts of `total` by weight; their sum is `total`."""
    ends = [total * part // sum(weights) for part in accumulate(weights)]
    return tuple(end - start for start, end in pairwise([0, *ends]))


def _kwh(habits: Habits, month: str) -> int:
    wobble = _wobble(habits, month, 17) - 8
    return habits.base_kwh * (PERCENT_OF_BASE[int(month[5:]) - 1] + wobble) // 100


def _wobble(habits: Habits, when: str, below: int) -> int:
    return crc32(f"{habits.account}:{when}".encode()) % below


def _late_fee(bill: PastBill | None, habits: Habits, book: Rulebook) -> int:
    if bill is None:
        return 0
    paid_on = bill.due_on + timedelta(days=PAID_LATE_DAYS)
    return late_fee(bill.amount_fen - bill.late_fee_fen, habits.category, book, due_on=bill.due_on, until=paid_on)

"""The penalty for late payment (违约金), as 供电营业规则 has it. Pure.

It runs from the day after the last day for payment up to and with the day of payment. Residents: one share a day.
Others: one share for the days of the year in which payment was due, a higher one for the days of later years. At
least a minimum in all. The shares and the minimum are rows of the rule book, each for the days on which it holds.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from ticketing.billing.calculation import spans
from ticketing.billing.items import FEN_PER_YUAN
from ticketing.billing.tariff import Category
from ticketing.rulebook.rules import Rulebook

MINIMUM = "late_fee.minimum"
RESIDENTIAL = "late_fee.residential"
SAME_YEAR, LATER_YEAR = "late_fee.other.same_year", "late_fee.other.later_year"


def late_fee(owed_fen: int, category: Category, book: Rulebook, *, due_on: date, until: date) -> int:
    """Fen for what is still owed on `until`, or was paid then. `owed_fen` has no penalty in it: none is due on one."""
    if until <= due_on or owed_fen <= 0:
        return 0
    shares = sum(
        (
            book.number(item, on=first) * ((last - first).days + 1)
            for item, start, end in _stretches(category, due_on, until)
            for first, last in spans(book, (item,), start, end)
        ),
        Decimal(0),
    )
    accrued = (owed_fen * shares).quantize(Decimal(1), ROUND_HALF_UP)
    return max(int(accrued), int(book.number(MINIMUM, on=until) * FEN_PER_YUAN))


def _stretches(category: Category, due_on: date, until: date) -> Iterator[tuple[str, date, date]]:
    start, year_end = due_on + timedelta(days=1), date(due_on.year, 12, 31)
    if category is Category.RESIDENTIAL:
        yield RESIDENTIAL, start, until
        return
    if start <= year_end:
        yield SAME_YEAR, start, min(until, year_end)
    if until > year_end:
        yield LATER_YEAR, max(start, year_end + timedelta(days=1)), until

"""The penalty for late payment: a share a day, another in later years, a minimum in all."""

from datetime import date

import pytest

from ticketing.billing.penalty import late_fee
from ticketing.billing.tariff import Category
from ticketing.rulebook.rules import load

BOOK = load()
RESIDENT, FARM, SHOP = Category.RESIDENTIAL, Category.AGRICULTURAL, Category.COMMERCIAL


@pytest.mark.parametrize(
    ("owed", "category", "due", "until", "fee"),
    [
        (10000, RESIDENT, "2026-10-25", "2026-10-25", 0),  # the last day for payment
        (10000, RESIDENT, "2026-10-25", "2026-10-20", 0),
        (10000, RESIDENT, "2026-10-25", "2026-10-26", 100),  # 10 fen, at least one yuan
        (10000, RESIDENT, "2026-10-25", "2026-11-24", 300),
        (10000, RESIDENT, "2026-12-25", "2027-01-24", 300),  # residents: the year does not matter
        (10000, SHOP, "2026-10-25", "2026-11-24", 600),
        (10000, FARM, "2026-12-25", "2027-01-24", 840),  # 6 days at 2 ‰, 24 at 3 ‰
        (10000, SHOP, "2026-12-31", "2027-01-10", 300),  # all of it in the year after
        (10000, RESIDENT, "2028-02-20", "2028-03-21", 300),  # 29 February is a day
        (10050, RESIDENT, "2026-10-25", "2026-11-24", 302),  # 301.5: half a fen goes up
        (0, RESIDENT, "2026-10-25", "2027-10-25", 0),
        (-500, SHOP, "2026-10-25", "2027-10-25", 0),  # a refund is not late
    ],
)
def test_the_penalty(owed: int, category: Category, due: str, until: str, fee: int) -> None:
    due_on, until_day = date.fromisoformat(due), date.fromisoformat(until)
    assert late_fee(owed, category, BOOK, due_on=due_on, until=until_day) == fee

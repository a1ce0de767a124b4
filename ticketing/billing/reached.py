"""How far a resident's month went up the tiers: the tier reached, and the kWh left in it. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from ticketing.billing.gateway import Bill
from ticketing.billing.tariff import Category, first_day, season_of, tiers
from ticketing.rulebook.promises import Promises
from ticketing.rulebook.rules import NotInForce


@dataclass(frozen=True)
class Reached:
    """`left_kwh`: None in the last tier. `rules`: the rows in force on the bill's last day that it rests on."""

    tier: int
    left_kwh: int | None
    rules: tuple[str, ...]


def reached(bill: Bill, promises: Promises) -> Reached | None:
    """None for other customer classes, and where the rows may not be quoted or there are none."""
    if bill.category != Category.RESIDENTIAL:
        return None
    last = first_day(bill.month) + timedelta(days=max(bill.days, 1) - 1)
    try:
        steps = tiers(promises.rulebook, season_of(bill.month, promises.rulebook), on=last)
    except NotInForce:
        return None
    step = next(step for step in steps if step.up_to_kwh is None or bill.kwh <= step.up_to_kwh)
    if not promises.may_quote(*(promises.rulebook.by_id(id) for id in step.rules)):
        return None
    left = None if step.up_to_kwh is None else step.up_to_kwh - bill.kwh
    return Reached(step.tier, left, step.rules)

"""Why is this bill higher (or lower) than the one before? Causes that add up to the difference, to the fen. Pure.

Works from the two bills alone, so it holds for the built-in store and for a utility's own system. The energy charge
is taken as base price times energy, plus what the higher tiers cost on top; walking from the old bill to the new one
changes one thing at a time, so that the steps add up whatever was rounded.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from ticketing.billing.gateway import Bill
from ticketing.billing.tariff import fen


class Cause(StrEnum):
    DAYS = "days"
    USAGE = "usage"
    TIER = "tier"
    PRICE = "price"
    ARREARS = "arrears"


LABELS = {
    Cause.DAYS: "计费天数不同",
    Cause.USAGE: "用电量变化",
    Cause.TIER: "阶梯档位变化",
    Cause.PRICE: "电价变化",
    Cause.ARREARS: "违约金变化",
}


@dataclass(frozen=True)
class Share:
    cause: Cause
    fen: int

    @property
    def label(self) -> str:
        return LABELS[self.cause]


def explain(bill: Bill, previous: Bill) -> tuple[Share, ...]:
    """The causes that moved the amount, the strongest first; their sum is the difference of the two bills."""
    old, new = _base_price(previous), _base_price(bill)
    same_pace = _scaled(previous.kwh, days=previous.days, to=bill.days)
    energy_fen, energy_before = bill.amount_fen - bill.late_fee_fen, previous.amount_fen - previous.late_fee_fen
    shares = {
        Cause.DAYS: fen(same_pace, old) - fen(previous.kwh, old),
        Cause.USAGE: fen(bill.kwh, old) - fen(same_pace, old),
        Cause.PRICE: fen(bill.kwh, new) - fen(bill.kwh, old),
        Cause.TIER: (energy_fen - fen(bill.kwh, new)) - (energy_before - fen(previous.kwh, old)),
        Cause.ARREARS: bill.late_fee_fen - previous.late_fee_fen,
    }
    moved = [Share(cause, amount) for cause, amount in shares.items() if amount]
    return tuple(sorted(moved, key=lambda share: -abs(share.fen)))


def _base_price(bill: Bill) -> Decimal:
    return bill.items[0].price if bill.items else Decimal(0)


def _scaled(kwh: int, *, days: int, to: int) -> int:
    """What the same daily use makes in another number of days."""
    if days <= 0:
        return kwh
    return int((Decimal(kwh) * to / days).quantize(Decimal(1), ROUND_HALF_UP))

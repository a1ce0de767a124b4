"""Why does this bill differ from another one? Causes that add up to the difference, to the fen. Pure.

Works from the lines of the two bills alone, so it holds for the built-in store and for a utility's own system, also for
lines that the rule book knows nothing of (demand charge, power factor): they are compared, never computed again.

For the energy the walk goes from the old bill to the new one, one change at a time: the same pace for another number
of days, another pace, both at the old bill's first price; then what dearer tiers or hours cost on top of it; then the
new prices. Each step is exact; what the rounding of lines left over goes, a fen at a time, to the steps whose own
rounding was the largest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from ticketing.billing.gateway import Bill
from ticketing.billing.items import FEN_PER_YUAN, Item, Kind
from ticketing.billing.tariff import PERIOD_LABELS, Period


class Cause(StrEnum):
    DAYS = "days"
    USAGE = "usage"
    TIER = "tier"
    PERIOD = "period"
    PRICE = "price"
    ARREARS = "arrears"
    OTHER = "other"


LABELS = {
    Cause.DAYS: "计费天数不同",
    Cause.USAGE: "用电量变化",
    Cause.TIER: "阶梯档位变化",
    Cause.PERIOD: "用电时段变化",
    Cause.PRICE: "电价变化",
    Cause.ARREARS: "违约金变化",
}
TIMES, FLAT = frozenset(PERIOD_LABELS.values()), PERIOD_LABELS[Period.FLAT]
PRICE_PLACES = Decimal("0.0001")
"""Yuan per kWh, as prices are published."""


@dataclass(frozen=True)
class Share:
    """What one cause moved, and the figures that it rests on, in `unit`: day, kwh (tier: those in dearer tiers),
    yuan_per_kwh (the mean), yuan."""

    cause: Cause
    fen: int
    label: str
    before: str
    after: str
    unit: str


def explain(bill: Bill, other: Bill) -> tuple[Share, ...]:
    """What moved the amount from `other` to `bill`, the strongest first; the sum is the difference of the two bills."""
    shares = [*_energy(bill, other), *_other_lines(bill, other)]
    late = bill.late_fee_fen - other.late_fee_fen
    before, after = _yuan(other.late_fee_fen), _yuan(bill.late_fee_fen)
    shares.append(Share(Cause.ARREARS, late, LABELS[Cause.ARREARS], before, after, "yuan"))
    return tuple(sorted((share for share in shares if share.fen), key=lambda share: -abs(share.fen)))


def _energy(bill: Bill, other: Bill) -> Iterable[Share]:
    old, new = _Prices(other), _Prices(bill)
    first = _first_label(old, new)
    old_first, new_first = old.first(first, like=new), new.first(first, like=old)
    days = Fraction(bill.days, other.days) if other.days > 0 else Fraction(1)
    same_pace = other.kwh * days
    at_old = sum((kwh * old.of(label, new_first - old_first, like=new) for label, kwh in new.kwh.items()), Fraction(0))
    dearer = Cause.PERIOD if TIMES & {*new.kwh, *old.kwh} else Cause.TIER
    exact = {
        Cause.DAYS: (same_pace - other.kwh) * old_first,
        Cause.USAGE: (bill.kwh - same_pace) * old_first,
        dearer: (at_old - bill.kwh * old_first) - (old.total - other.kwh * old_first),
        Cause.PRICE: new.total - at_old,
    }
    at_old_each, at_new_each = (total / bill.kwh if bill.kwh else Fraction(0) for total in (at_old, new.total))
    figures = {
        Cause.DAYS: (str(other.days), str(bill.days), "day"),
        Cause.USAGE: (str(other.kwh), str(bill.kwh), "kwh"),
        dearer: (str(old.energy_beyond(first)), str(new.energy_beyond(first)), "kwh"),
        Cause.PRICE: (_price(at_old_each), _price(at_new_each), "yuan_per_kwh"),
    }
    for cause, fen in _rounded(exact, to=new.fen - old.fen).items():
        yield Share(cause, fen, LABELS[cause], *figures[cause])


class _Prices:
    """A bill's energy lines by label: kWh, exact sums in yuan, prices (the mean where one changed within the month)."""

    def __init__(self, bill: Bill) -> None:
        items = [item for item in bill.items if is_priced(item)]
        self.fen = sum(item.amount_fen for item in items)
        self.total = sum((_amount(item) for item in items), Fraction(0))
        labels = dict.fromkeys(item.label for item in items)
        by_label = {label: [item for item in items if item.label == label] for label in labels}
        self.kwh = {label: sum(item.kwh or 0 for item in lines) for label, lines in by_label.items()}
        self.prices = {label: _mean(lines) for label, lines in by_label.items()}
        self.surcharges = {item.label for item in items if item.kind is Kind.SURCHARGE}

    @property
    def energy(self) -> list[str]:
        return [label for label in self.prices if label not in self.surcharges]

    def first(self, label: str | None, *, like: "_Prices") -> Fraction:
        """What a kWh costs at least: the price of the first line, and of the surcharges on every kWh. Where this bill
        has no such line (nothing was used), the other's price is taken: it explains nothing then."""
        lines = {*self.surcharges, *like.surcharges, label}
        prices = (self.prices.get(line or "", like.prices.get(line or "", Fraction(0))) for line in lines)
        return sum(prices, Fraction(0))

    def of(self, label: str, risen: Fraction, *, like: "_Prices") -> Fraction:
        """The price of a label; one that this bill does not have rose as the first one did, as far as can be known."""
        return self.prices[label] if label in self.prices else like.prices[label] - risen

    def energy_beyond(self, first: str | None) -> int:
        return sum(self.kwh[label] for label in self.energy if label != first)


def _first_label(old: _Prices, new: _Prices) -> str | None:
    """The line to measure the others by: flat hours, or the first that both bills have."""
    common = [label for label in new.energy if label in old.prices]
    if FLAT in common:
        return FLAT
    return next(iter([*common, *new.energy, *old.energy]), None)


def is_priced(item: Item) -> bool:
    """Whether the line is energy times price, to the fen; any other is compared as it stands."""
    if item.kwh is None or item.price is None:
        return False
    return abs(item.amount_fen - _amount(item) * FEN_PER_YUAN) <= 1


def _mean(items: list[Item]) -> Fraction:
    kwh = sum(item.kwh or 0 for item in items)
    return sum((_amount(item) for item in items), Fraction(0)) / kwh if kwh else Fraction(items[0].price or 0)


def _amount(item: Item) -> Fraction:
    return (item.kwh or 0) * Fraction(item.price or 0)


def _other_lines(bill: Bill, other: Bill) -> Iterable[Share]:
    """Lines that are not energy times price, by their label; the bill's amount may have more than its lines, too."""
    before, after = _by_label(other), _by_label(bill)
    for label in dict.fromkeys([*after, *before]):
        fen = after.get(label, 0) - before.get(label, 0)
        yield Share(Cause.OTHER, fen, label, _yuan(before.get(label, 0)), _yuan(after.get(label, 0)), "yuan")


def _by_label(bill: Bill) -> dict[str, int]:
    found: dict[str, int] = {}
    for item in bill.items:
        if not is_priced(item):
            found[item.label] = found.get(item.label, 0) + item.amount_fen
    rest = bill.amount_fen - bill.late_fee_fen - sum(item.amount_fen for item in bill.items)
    return {**found, "其他费用": rest} if rest else found


def _rounded(exact: Mapping[Cause, Fraction], *, to: int) -> dict[Cause, int]:
    """Whole fen whose sum is `to`. Steps that moved nothing stay at nothing where another can take the rest."""
    in_fen = {cause: yuan * FEN_PER_YUAN for cause, yuan in exact.items()}
    whole = {cause: round(fen) for cause, fen in in_fen.items()}
    moved = [cause for cause, fen in in_fen.items() if fen] or [Cause.PRICE]
    while rest := to - sum(whole.values()):
        step = 1 if rest > 0 else -1
        cause = max(moved, key=lambda each: (in_fen[each] - whole[each]) * step)
        whole[cause] += step
    return whole


def _yuan(fen: int) -> str:
    return f"{Decimal(fen) / FEN_PER_YUAN:.2f}"


def _price(price: Fraction) -> str:
    exact = Decimal(price.numerator) / Decimal(price.denominator)
    return str(exact.quantize(PRICE_PLACES, ROUND_HALF_UP))

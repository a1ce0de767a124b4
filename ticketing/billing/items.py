"""The lines of a bill: energy at a price becomes money here, and nowhere else is a fen rounded off energy."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

FEN_PER_YUAN = 100


class Kind(StrEnum):
    """`surcharge`: a second price on energy that another line counts already; `other`: what is no energy at all."""

    ENERGY = "energy"
    SURCHARGE = "surcharge"
    OTHER = "other"


@dataclass(frozen=True)
class Item:
    """One line. `kwh` and `price` (yuan per kWh) are None where the line is not energy times price (demand charge,
    power factor). `rules`: ids of the rows that the price rests on; empty where another system made the bill."""

    label: str
    kwh: int | None
    price: Decimal | None
    amount_fen: int
    kind: Kind = Kind.ENERGY
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Charge:
    """Energy that belongs on a line, not rounded yet. `rank`: the line's place on the bill."""

    rank: int
    label: str
    kwh: int
    price: Decimal
    rules: tuple[str, ...]
    kind: Kind = Kind.ENERGY


def itemise(charges: Iterable[Charge]) -> tuple[Item, ...]:
    """A line per label and price row, each rounded once for the whole bill; lines without energy are left out, but
    one stays when there was none at all."""
    lines: dict[tuple[str, tuple[str, ...]], Charge] = {}
    for charge in charges:
        key = charge.label, charge.rules
        before = lines.get(key)
        lines[key] = replace(before, kwh=before.kwh + charge.kwh) if before else charge
    ordered = sorted(lines.values(), key=lambda line: line.rank)
    used = [line for line in ordered if line.kwh] or ordered[:1]
    return tuple(
        Item(line.label, line.kwh, line.price, fen(line.kwh, line.price), line.kind, line.rules) for line in used
    )


def fen(kwh: int, price: Decimal) -> int:
    """Energy times yuan per kWh, half a fen rounded up."""
    return int((kwh * price * FEN_PER_YUAN).quantize(Decimal(1), ROUND_HALF_UP))

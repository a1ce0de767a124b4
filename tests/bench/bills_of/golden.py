"""The bills worked by hand (`data/rulebook/golden/bills.yml`), unfolded into what `walker` and `ours` take."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from tests.bench.bills_of.walker import Line

RULEBOOK = Path(__file__).resolve().parents[3] / "data" / "rulebook"
GOLDEN = RULEBOOK / "golden"


@dataclass(frozen=True)
class Golden:
    """`folder`: of the rule book it was worked from."""

    name: str
    folder: Path
    bill: dict[str, Any]
    lines: frozenset[Line]
    energy_fen: int
    late_fee_fen: int


def bills() -> Iterator[Golden]:
    for row in yaml.safe_load((GOLDEN / "bills.yml").read_text("utf-8"))["bills"]:
        yield Golden(
            name=row["name"],
            folder=GOLDEN / row["book"] if "book" in row else RULEBOOK,
            bill=_bill(row),
            lines=frozenset((tuple(rules.split("+")), kwh, fen) for rules, (kwh, fen) in row["lines"].items()),
            energy_fen=row["total"],
            late_fee_fen=row.get("late", 0),
        )


def _bill(row: dict[str, Any]) -> dict[str, Any]:
    bill = {"category": row["category"], "first": str(row["first"])}
    bill |= {name: str(row.get(name, row["first"])) for name in ("due_on", "paid_on")}
    if "hours" in row:
        return {**bill, "hours": [_day(row["hours"])] * row["days"]}
    return {
        **bill,
        "meters": [_plain(meter) for meter in row.get("meters", ())] or [_meter(row["first"], row["daily"])],
    }


def _day(spans: dict[str, int]) -> list[int]:
    hours = [0] * 24
    for span, kwh in spans.items():
        start, end = (int(part) for part in span.split("-"))
        hours[start:end] = [kwh] * (end - start)
    return hours


def _plain(meter: dict[str, Any]) -> dict[str, Any]:
    readings = [[str(day), register] for day, register in meter["readings"]]
    return {**meter, "first": str(meter["first"]), "readings": readings}


def _meter(first: date, daily: str) -> dict[str, Any]:
    register = 0
    readings: list[list[str | int]] = []
    for run in daily.split(","):
        days, kwh = (int(part) for part in run.split("x"))
        for _ in range(days):
            register += kwh
            readings.append([str(first + timedelta(days=len(readings))), register])
    return {"meter": "one", "first": str(first), "opening": 0, "readings": readings, "multiplier": 1, "digits": 6}

"""Rule books nobody would wish for: every row changes on days of its own, in the middle of months too."""

from datetime import date, timedelta
from pathlib import Path
from random import Random

FIRST, LAST = date(2018, 1, 1), date(2032, 12, 31)


def write(folder: Path, rng: Random) -> Path:
    """A valid rule book in `folder/rules.yml`, another one for each state of `rng`."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: list[str] = []

    def set_item(item: str, unit: str, *values: str) -> None:
        starts = [FIRST, *sorted(_days(rng, len(values) - 1))]
        for number, (start, value) in enumerate(zip(starts, values, strict=True)):
            until = str(starts[number + 1] - timedelta(days=1)) if number + 1 < len(starts) else "null"
            rows.append(
                f"  - {{id: {item}-{number}, item: {item}, value: {value!r}, unit: {unit}, source: random, "
                f"from: {start}, until: {until}, confidence: example}}"
            )

    for tier in (1, 2, 3):
        set_item(f"tariff.residential.tier{tier}.price", "yuan_per_kwh", *(_price(rng) for _ in range(12)))
    for season in ("peak", "other"):
        set_item(f"tariff.residential.tier1.limit.{season}", "kwh", *(str(rng.randint(40, 220)) for _ in range(10)))
        set_item(f"tariff.residential.tier2.limit.{season}", "kwh", *(str(rng.randint(220, 420)) for _ in range(10)))
    set_item("tariff.residential.peak_months", "months", *(_months(rng) for _ in range(6)))
    set_item("tariff.commercial.energy.price", "yuan_per_kwh", *(_price(rng) for _ in range(40)))
    set_item("tariff.commercial.funds.price", "yuan_per_kwh", *(f"0.0{rng.randint(1, 999):03d}" for _ in range(12)))
    for period in ("super", "peak", "flat", "valley"):
        set_item(f"tariff.commercial.ratio.{period}", "ratio", *(f"{rng.randint(30, 230) / 100}" for _ in range(8)))
    set_item("tariff.commercial.super_months", "months", *(_months(rng) for _ in range(6)))
    set_item("tariff.commercial.hours.super", "hours_of_day", *(_spans(_some_hours(rng)) for _ in range(8)))
    _days_clocks(rng, rows)
    set_item("tariff.agricultural.price", "yuan_per_kwh", *(_price(rng) for _ in range(30)))
    set_item("late_fee.residential", "per_day", *(f"0.00{rng.randint(1, 30):02d}" for _ in range(6)))
    set_item("late_fee.other.same_year", "per_day", *(f"0.00{rng.randint(1, 30):02d}" for _ in range(6)))
    set_item("late_fee.other.later_year", "per_day", *(f"0.00{rng.randint(1, 50):02d}" for _ in range(6)))
    set_item("late_fee.minimum", "yuan", *(rng.choice(["1", "0.5", "2"]) for _ in range(6)))
    (folder / "rules.yml").write_text("rules:\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return folder


def _days_clocks(rng: Random, rows: list[str]) -> None:
    """Peak, flat and valley change on the same days, because together they are the day."""
    starts = [FIRST, *sorted(_days(rng, 8))]
    for number, start in enumerate(starts):
        until = str(starts[number + 1] - timedelta(days=1)) if number + 1 < len(starts) else "null"
        periods = [rng.choice(("peak", "flat", "valley")) for _ in range(24)]
        periods[0], periods[12], periods[20] = "valley", "flat", "peak"
        for period in ("peak", "flat", "valley"):
            spans = _spans({hour for hour in range(24) if periods[hour] == period})
            rows.append(
                f"  - {{id: hours-{period}-{number}, item: tariff.commercial.hours.{period}, value: '{spans}', "
                f"unit: hours_of_day, source: random, from: {start}, until: {until}, confidence: example}}"
            )


def _days(rng: Random, count: int) -> list[date]:
    span = (LAST - FIRST).days
    return [FIRST + timedelta(days=day) for day in rng.sample(range(1, span), count)]


def _price(rng: Random) -> str:
    return f"{rng.randint(1, 19999) / 10000:.4f}" if rng.random() < 0.7 else f"{rng.randint(1, 1999999) / 1000000:.6f}"


def _months(rng: Random) -> str:
    return ",".join(str(month) for month in sorted(rng.sample(range(1, 13), rng.randint(1, 8))))


def _some_hours(rng: Random) -> set[int]:
    return set(rng.sample(range(24), rng.randint(1, 6)))


def _spans(hours: set[int]) -> str:
    spans: list[list[int]] = []
    for hour in sorted(hours):
        if spans and spans[-1][1] == hour:
            spans[-1][1] = hour + 1
        else:
            spans.append([hour, hour + 1])
    return ",".join(f"{start}-{end}" for start, end in spans)

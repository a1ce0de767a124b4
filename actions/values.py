"""How values are put into talk tracks: money, days and order numbers as a customer reads or hears them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")


def yuan(fen: int) -> str:
    """12850 → `128.50`; never negative, because what is owed and what is left have words of their own."""
    return f"{abs(fen) // 100}.{abs(fen) % 100:02d}"


def day(value: date) -> str:
    return f"{value.month}月{value.day}日"


def moment(value: datetime) -> str:
    """`11月25日18:30`, Asia/Shanghai."""
    local = value.astimezone(LOCAL)
    return f"{day(local)}{local:%H:%M}"


def month(value: str) -> str:
    """`2026-10` → `2026年10月`."""
    year, _, number = value.partition("-")
    return f"{year}年{int(number)}月"


def quantity(kwh: float) -> str:
    """kWh without needless digits."""
    return f"{kwh:.2f}".rstrip("0").rstrip(".")


FIGURES = {"day": "{}天", "kwh": "{}千瓦时", "yuan_per_kwh": "每千瓦时{}元", "yuan": "{}元"}


def figure(value: str, unit: str) -> str:
    """A figure of an explanation with its unit, as it is said."""
    return FIGURES.get(unit, "{}").format(value)


def tail(number: str) -> str:
    """The last four characters: what can be said of an order, an account or a telephone."""
    return number[-4:]

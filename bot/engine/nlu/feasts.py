"""Feasts that callers date things by (国庆那个月, 中秋那天): the day on which each one falls."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Optional

from bot.engine.nlu.lunar import month_start

SOLAR = {
    "元旦": (1, 1), "三八": (3, 8), "清明": (4, 5), "五一": (5, 1), "劳动": (5, 1), "六一": (6, 1), "国庆": (10, 1), "十一国庆": (10, 1),
    "双十一": (11, 11), "双11": (11, 11), "双十二": (12, 12), "冬至": (12, 22), "圣诞": (12, 25),
}  # fmt: skip
LUNAR = {
    "春节": (1, 1), "过年": (1, 1), "大年初一": (1, 1), "年初一": (1, 1), "新年": (1, 1), "元宵": (1, 15), "三月三": (3, 3), "端午": (5, 5), "七夕": (7, 7),
    "中元": (7, 14), "鬼节": (7, 14), "七月半": (7, 14), "中秋": (8, 15), "八月十五": (8, 15), "重阳": (9, 9),
}  # fmt: skip
EVES = {"除夕": -1, "年三十": -1, "大年三十": -1, "三十晚": -1}  # days from the lunar new year
NAMES = "|".join(map(re.escape, sorted([*SOLAR, *LUNAR, *EVES], key=len, reverse=True)))
FEAST = rf"(?P<feast>{NAMES})节?"


def feast_of(name: str, year: int) -> Optional[date]:
    """The day of a feast in a year; None where the lunar table ends. 清明 and 冬至 to within a day."""
    if name in SOLAR:
        return date(year, *SOLAR[name])
    month, day = LUNAR.get(name, (1, 1))
    start = month_start(year, month)
    return start + timedelta(days=EVES.get(name, day - 1)) if start else None


def feast_near(name: str, today: date, *, ahead: bool) -> Optional[date]:
    """The last such feast that has begun, or the next one."""
    days = [feast_of(name, year) for year in (today.year - 1, today.year, today.year + 1)]
    known = [day for day in days if day is not None]
    if ahead:
        return next((day for day in known if day >= today), None)
    return next((day for day in reversed(known) if day <= today), None)

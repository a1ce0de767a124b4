"""Numerals as callers say them: digit by digit (幺三九), as numbers (一百二十), and the short forms (三百五, 一千二)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Optional

DIGIT_VALUES = {**{str(n): n for n in range(10)}, **dict(zip("零一二三四五六七八九", range(10)))}
DIGIT_VALUES.update({"〇": 0, "○": 0, "洞": 0, "幺": 1, "两": 2, "拐": 7, "勾": 9})
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
DIGIT = "[0-9零〇○一二两三四五六七八九幺洞拐勾]"
NUMERAL = "[0-9零〇一二两三四五六七八九十百千万点.]"  # what a quantity is written with
ARABIC = re.compile(r"\d+(\.\d+)?$")


def digits(said: str) -> str:
    """`幺三九零` → `1390`; an X (the identity card's check digit) stays, in upper case."""
    return "".join("X" if c in "xX" else str(DIGIT_VALUES[c]) for c in said)


def number(said: str) -> Optional[Decimal]:
    """The quantity a numeral names, or None: `一百二十点五` → 120.5, `三百五` → 350, `二三` → None."""
    said = said.strip().replace(",", "")
    if ARABIC.match(said):
        return Decimal(said)
    whole, point, fraction = said.partition("点") if "点" in said else said.partition(".")
    value = integer(whole)
    if value is None or (point and not fraction):
        return None
    if not point:
        return Decimal(value)
    if any(c not in DIGIT_VALUES for c in fraction):
        return None
    return Decimal(f"{value}.{digits(fraction)}")


def integer(said: str) -> Optional[int]:
    """A whole number in Chinese or mixed numerals (`3百`, `一万二`), or None when it is none."""
    if not said:
        return None
    if said.isdigit() and said.isascii():
        return int(said)
    total = section = 0
    pending: Optional[int] = None
    last_unit = 1
    after_zero = False
    for part in re.findall(r"\d+|.", said):
        if part in UNITS:
            unit = UNITS[part]
            if unit == 10000:
                total = (total + section + (pending or 0)) * unit
                section = 0
            else:
                section += (1 if pending is None and part == "十" else pending or 0) * unit
            pending, last_unit, after_zero = None, unit, False
        elif (part.isdigit() and part.isascii()) or part in DIGIT_VALUES:
            value = int(part) if part.isascii() else DIGIT_VALUES[part]
            if pending is not None and pending != 0:
                return None
            after_zero = after_zero or (value == 0 and last_unit > 1)
            pending = value
        else:
            return None
    if pending is not None:  # 三百五 is 350, 三百零五 is 305
        section += pending * (last_unit // 10 if last_unit >= 100 and not after_zero else 1)
    return total + section

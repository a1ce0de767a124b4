"""How characters sound, as loosely as callers speak and recognisers hear: 停店 sounds like 停电, 护号 like 户号.

Toneless pinyin, with the pairs merged that southern speakers and 8 kHz lines do not keep apart (zh/z, n/l/r, ang/an …).
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from functools import lru_cache
from typing import Dict, List

from pypinyin import lazy_pinyin

INITIAL = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(.*)")
MERGED_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "r": "l"}
NASAL = re.compile(r"(?<=[aei])ng$")
ALIKE = 0.6  # of the mishearings: same pinyin; the others only sound near it
COMMON = [
    bytes([high, low]).decode("gb2312")
    for high in range(0xB0, 0xD8)
    for low in range(0xA1, 0xFF if high < 0xD7 else 0xFA)
]  # the 3,755 characters of GB 2312's first level


@lru_cache(maxsize=8192)
def pinyin(character: str) -> str:
    """The toneless syllable of a character; anything else stands for itself."""
    spoken = lazy_pinyin(character)
    return spoken[0] if spoken else character


@lru_cache(maxsize=8192)
def sound(character: str) -> str:
    """A syllable with the merged initials and nasals: 电 and 店 are `dian`, 人 and 能 `len`."""
    if not "\u4e00" <= character <= "\u9fff":
        return character
    initial, final = INITIAL.fullmatch(pinyin(character)).groups()  # type: ignore[union-attr]
    return MERGED_INITIALS.get(initial or "", initial or "") + NASAL.sub("n", final)


@lru_cache(maxsize=1)
def _sounding() -> Dict[str, List[str]]:
    """Common characters by their pinyin (key `=dian`) and by their merged sound (key `~dian`)."""
    found: Dict[str, List[str]] = defaultdict(list)
    for character in COMMON:
        found[f"={pinyin(character)}"].append(character)
        found[f"~{sound(character)}"].append(character)
    return found


def misheard(text: str, *, share: float, chance: random.Random) -> str:
    """The text with about `share` of its Chinese characters replaced by (near-)homophones, as a recogniser would."""
    return "".join(_mishear(c, chance) if "\u4e00" <= c <= "\u9fff" and chance.random() < share else c for c in text)


def _mishear(character: str, chance: random.Random) -> str:
    key = f"={pinyin(character)}" if chance.random() < ALIKE else f"~{sound(character)}"
    others = [c for c in _sounding().get(key, ()) if c != character]
    return chance.choice(others) if others else character

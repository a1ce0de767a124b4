"""The shapes that a word is written in to slip past: spaced out, in pinyin, half in pinyin, by other signs of the
same sound. Pure: a word becomes a pattern over the text as it was written, so that a finding's place is its own.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from pypinyin import Style, lazy_pinyin
from pypinyin.pinyin_dict import pinyin_dict

BETWEEN = r"[\s\u200b-\u200f\ufeff*.·_|~/\\-]{0,3}"
"""What may be put between the signs of a word. A comma or a full stop is not: there a new thought begins."""
FULL_WIDTH = {0xFF01 + each: 0x21 + each for each in range(94)}
HAN = ("\u4e00", "\u9fff")


def plain(text: str) -> str:
    """Full-width letters and digits as ASCII, all in small letters, sign for sign: places stay where they are."""
    narrow = text.translate(FULL_WIDTH)
    return "".join(low if len(low := each.lower()) == 1 else each for each in narrow)


def pattern_of(word: str, *, variants: Iterable[str] = (), sounds: bool = False) -> re.Pattern[str]:
    """Matches `word` and its `variants` in `plain` text, spaced out or in pinyin; `sounds`: also by homophones."""
    shapes = [_han(each, sounds=sounds) if _is_han(each) else _latin(each) for each in (word, *variants)]
    return re.compile("|".join(shapes))


def _is_han(word: str) -> bool:
    return all(HAN[0] <= sign <= HAN[1] for sign in word)


def _latin(word: str) -> str:
    """Letters stand alone: `sb` is not in `usb`."""
    body = BETWEEN.join(re.escape(sign) for sign in plain(word))
    first = "(?<![a-z])" if word[0].isascii() and word[0].isalpha() else ""
    last = "(?![a-z])" if word[-1].isascii() and word[-1].isalpha() else ""
    return f"{first}{body}{last}"


def _han(word: str, *, sounds: bool) -> str:
    syllables = lazy_pinyin(word, style=Style.NORMAL)
    signs = [
        _sign(sign, syllable, sounds=sounds, is_first=number == 0, is_last=number == len(word) - 1)
        for number, (sign, syllable) in enumerate(zip(word, syllables, strict=True))
    ]
    return BETWEEN.join(signs)


def _sign(sign: str, syllable: str, *, sounds: bool, is_first: bool, is_last: bool) -> str:
    letters = f"{'(?<![a-z])' if is_first else ''}{re.escape(syllable)}[1-5]?{'(?![a-z])' if is_last else ''}"
    same = "".join(sorted(by_sound()[syllable] | {sign})) if sounds else sign
    return f"(?:[{same}]|{letters})"


@cache
def by_sound() -> dict[str, set[str]]:
    """Signs by their most usual reading without its tone, `ü` written as `v`."""
    found: dict[str, set[str]] = defaultdict(set)
    for code, readings in pinyin_dict.items():
        if HAN[0] <= chr(code) <= HAN[1]:
            found[toneless(readings.split(",")[0])].add(chr(code))
    return found


def toneless(reading: str) -> str:
    """`lǘ` → `lv`, `shǎ` → `sha`."""
    bare = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(sign for sign in bare if not unicodedata.combining(sign))

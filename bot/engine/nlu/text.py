"""A sentence made even: one width, one script, no speech fillers, no spaces between Chinese words.

Every character of the normalised text remembers where it came from, so an entity can point into what was really said.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Tuple

# Traditional characters that callers' keyboards and foreign recognisers produce in this business.
TRADITIONAL = str.maketrans(
    "電費單號碼繳錢賬帳餘額樓區縣鎮鄉門戶這個們來過還沒說話報裝換開關時間點為壓線燒煙錶轉幫請問謝對錯誤處歲張東車華農韋廣馬陳黃劉趙吳楊龍葉蘇鄧許鄭蕭羅銀實際憑據發階歷應該變產業務維檢測聯繫動機幾塊兩萬億級節約補償賠壞閃斷復貴僅",
    "电费单号码缴钱账账余额楼区县镇乡门户这个们来过还没说话报装换开关时间点为压线烧烟表转帮请问谢对错误处岁张东车华农韦广马陈黄刘赵吴杨龙叶苏邓许郑萧罗银实际凭据发阶历应该变产业务维检测联系动机几块两万亿级节约补偿赔坏闪断复贵仅",
)
HAN = r"[\u4e00-\u9fff]"  # a Chinese character, in a pattern
PAUSE = "，"  # full width, which no normalised text has by itself: where somebody who types put a space between clauses
CLAUSE = 3.0  # characters between spaces from which on average they part clauses; a recogniser's spaces part words
# 唔 is a hum only by itself: before a word it is the Cantonese 不.
FILLERS = re.compile(r"(?:[嗯呃]|唔(?=[,，、。…~嗯呃唔\s]|$))+[,，、。…~]*|(?<=[,，、。…])那个[,，、…]+|^那个[,，、…]+")
SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Normalised:
    """`text` to match on; `origins[i]` is the place of its i-th character in what was said (one more for the end)."""

    text: str
    origins: Tuple[int, ...]

    def origin(self, start: int, end: int) -> Tuple[int, int]:
        """A span of the normalised text as a span of the original."""
        return self.origins[start], self.origins[end - 1] + 1 if end > start else self.origins[start]


@lru_cache(maxsize=256)
def normalise(said: str) -> Normalised:
    """Half width, simplified, without fillers; spaces stay only between two Latin or digit characters."""
    even = "".join(map(even_character, said)).translate(TRADITIONAL)
    dropped = {i for filler in FILLERS.finditer(even) for i in range(*filler.span())}
    kept = [i for i in range(len(even)) if i not in dropped]
    kept = [i for n, i in enumerate(kept) if not even[i].isspace() or separates(even, kept, n)]
    text = "".join(" " if even[i].isspace() else even[i] for i in kept)
    return Normalised(text, (*kept, len(said)))


def with_pauses(said: str) -> Normalised:
    """As `normalise`, but a space that parts two clauses stays as a PAUSE: 填的是六栋 其实是八栋."""
    parts = said.split()
    plain = normalise(said)
    if len(parts) < 2 or sum(map(len, parts)) < CLAUSE * len(parts):
        return plain
    text, origins = [], []
    for character, origin in zip(plain.text, plain.origins):
        if text and text[-1].isalnum() and character.isalnum() and said[origins[-1] + 1 : origin].isspace():
            text.append(PAUSE)
            origins.append(origins[-1] + 1)
        text.append(character)
        origins.append(origin)
    return Normalised("".join(text), (*origins, len(said)))


def even_character(character: str) -> str:
    """One character for one character: full-width forms become half-width, others stay."""
    even = unicodedata.normalize("NFKC", character)
    return even if len(even) == 1 else character


def separates(text: str, kept: list, n: int) -> bool:
    """Whether the space at `kept[n]` stands between two Latin or digit characters, as its first of a run."""
    if n == 0 or n + 1 == len(kept):
        return False
    before = text[kept[n - 1]]
    after = next((text[i] for i in kept[n + 1 :] if not text[i].isspace()), "")
    return not before.isspace() and before.isascii() and before.isalnum() and after.isascii() and after.isalnum()

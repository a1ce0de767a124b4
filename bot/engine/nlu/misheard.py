"""Digits that a recogniser heard as other words (妖 for 幺, 领 for 零, 酒 for 九), put right inside runs of digits only."""

from __future__ import annotations

import re
from typing import Optional

from bot.engine.nlu.numbers import DIGIT

# Seldom anything else beside digits; the banker's figures among them.
SURE = {
    **dict.fromkeys("领凌玲铃菱灵陵", "零"), **dict.fromkeys("妖腰夭吆邀壹", "一"), **dict.fromkeys("贰", "二"),
    **dict.fromkeys("叁伞", "三"), **dict.fromkeys("肆", "四"), **dict.fromkeys("吴伍", "五"), **dict.fromkeys("陆留", "六"),
    **dict.fromkeys("柒", "七"), **dict.fromkeys("拔捌扒芭", "八"), **dict.fromkeys("酒玖", "九"),
}  # fmt: skip
# Words of their own: digits only where the run then comes to a known length.
MAYBE = {
    **dict.fromkeys("另令动冻懂", "零"), **dict.fromkeys("要衣医依咬", "一"), **dict.fromkeys("而儿耳", "二"),
    **dict.fromkeys("山散", "三"), **dict.fromkeys("事市寺死思", "四"), **dict.fromkeys("无武午舞屋", "五"),
    **dict.fromkeys("刘流柳溜路", "六"), **dict.fromkeys("期齐起气奇其", "七"), **dict.fromkeys("吧巴把爸罢", "八"),
    **dict.fromkeys("就久旧救", "九"),
}  # fmt: skip
HEARD = {**SURE, **MAYBE}
SHORTEST = 7  # digits: below that a homophone proves nothing
MOSTLY = 0.6  # of a run must be digits as they stand
RUN = re.compile(rf"[{DIGIT[1:-1]}{''.join(HEARD)} ,，\-]{{{SHORTEST},}}")
KNOWN = re.compile(r"\d{16}|1[3-9]\d{9}|0\d{9}|4\d{9}")  # 户号 at CSG and at State Grid, a mobile
SLURRED = re.compile(f"[{''.join(HEARD)}]")


def put_right(text: str) -> str:
    """The text with misheard digits as digits; as long as before, so places in it hold."""
    if not SLURRED.search(text):
        return text
    return RUN.sub(lambda run: righted(run.group()) or run.group(), text)


def righted(run: str) -> Optional[str]:
    """A run read as digits, less words at its ends that belong to the sentence; None where it is no number."""
    edges = [(lead, tail) for lead in range(3) for tail in range(3)]
    for lead, tail in sorted(edges, key=sum):
        middle = run[lead : len(run) - tail]
        if any(c not in HEARD and c not in " ,，-" for c in run[:lead] + run[len(run) - tail :]):
            continue
        if is_number(middle, known=True):
            return run[:lead] + as_digits(middle) + run[len(run) - tail :]
    return as_digits(run) if is_number(run, known=False) else None


def is_number(run: str, *, known: bool) -> bool:
    said = re.sub("[ ,，-]", "", run)
    plain = sum(c not in HEARD for c in said)
    if len(said) < SHORTEST or plain < MOSTLY * len(said):
        return False
    return bool(KNOWN.fullmatch(arabic(said))) if known else not any(c in MAYBE for c in said)


def as_digits(run: str) -> str:
    return "".join(HEARD.get(c, c) for c in run)


def arabic(said: str) -> str:
    return said.translate(ARABIC)


ARABIC = str.maketrans(
    {
        **{c: str("零一二三四五六七八九".index(d)) for c, d in HEARD.items()},
        **dict(zip("零一二三四五六七八九〇○洞幺两拐勾", "01234567890001279")),
    }
)

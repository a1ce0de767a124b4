"""Exact sums in yuan: `一百二十块五` → 120.5. No guesses (三百多), no unit prices (五毛八一度), no readings."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import List, Optional

from bot.engine.nlu.found import Found
from bot.engine.nlu.numbers import number

N = r"(?:\d[\d,]*(?:\.\d+)?[百千万]?|[零一二两三四五六七八九十百千万点]+)"
ONE = r"[\d一二两三四五六七八九]"
YUAN = r"(?:块|元|圆)(?:钱|人民币)?"
SUM = re.compile(
    rf"(?P<yuan>{N})\s?(?:{YUAN}(?:(?P<jiao>{ONE})(?:[毛角](?:(?P<fen>{ONE})分?)?|(?P<fen2>{ONE})(?!\d))?(?!个|度|天|年|月|户|家|次|多|几|表|电|地|板|牌|儿|区|屏|去|来|停|砖|石|玻))?)(?:钱|整)?"
    rf"|(?P<only_jiao>{ONE})[毛角](?:(?P<only_fen>{ONE})分?)?(?:钱)?"
)
PAID = re.compile(
    rf"(?:交|缴|充|付|扣|欠|转|存|收|补|退|花|汇|打)(?:了|的是|的|费|我|过|你们|走|去|进|掉|着|一共|总共|共)*(?P<bare>{N})(?=$|[,，。.!！?？ 、;；]|了|呢|吧|啊|的|还|怎|没|到|但|可|都|现|换|块)"
)
BARE_ANSWER = re.compile(r"^(?:金额|一共|总共|交的|是|欠款)*(?:是)?(?P<bare>\d+\.\d{1,2})[。. ]?$")
VAGUE_BEFORE = re.compile(r"(?:大概|大约|差不多|将近|接近|快|近|约|好几|几|上|超过|不到|最多|至少|起码)$")
VAGUE_AFTER = re.compile(r"^(?:多|几|来|左右|上下|出头|以上|以下|不到|好几)|^钱?(?:左右|上下|出头|以上|以下|多)")
PRICE_BEFORE = re.compile(
    r"(?:(?:一|每|1)度(?:电)?|单价|电价|度电|每千瓦时|/度)(?:是|要|收|卖|才|都|为|按|到|价|多少|收我|收费|我们|卖给我们|[:：,，])*$"
)
PRICE_AFTER = re.compile(r"^(?:钱)?(?:的)?(?:一|每|/|1)(?:度|个?字|千瓦时)|^(?:的)?(?:单价|电价)|^的?一度")
RESALE = re.compile(r"(?:一|每|1)度(?:电)?[^,，。]{0,8}$")


def find_amounts(text: str) -> List[Found]:
    """Every exact sum of a normalised text."""
    found = [item for match in SUM.finditer(text) for item in [one_sum(match, text)] if item]
    taken = [(item.start, item.end) for item in found]
    for match in [*PAID.finditer(text), *BARE_ANSWER.finditer(text)]:
        start, end = match.span("bare")
        value = number(match["bare"])
        if value and len(match["bare"].replace(",", "")) < 7 and not any(s < end and start < e for s, e in taken):
            found += [] if is_vague(text, start, end) else [Found("amount", start, end, written(value))]
    return found


def one_sum(match: re.Match, text: str) -> Optional[Found]:
    start, end = match.span()
    if is_vague(text, start, end) or is_price(text, start, end):
        return None
    value = yuan(match)
    return Found("amount", start, end, written(value)) if value else None


def yuan(match: re.Match) -> Optional[Decimal]:
    """块 + 毛 + 分; a digit after 块 is 毛 (块五), two digits are 毛 and 分 (块三七)."""
    whole = number(match["yuan"]) if match["yuan"] else Decimal(0)
    if match["yuan"] and whole is None:
        whole = number(re.sub(r"[百千万]$", "", match["yuan"])) if match["yuan"][:-1].isdigit() else None
    if whole is None:
        return None
    jiao, fen = match["jiao"] or match["only_jiao"], match["fen"] or match["fen2"] or match["only_fen"]
    return whole + small(jiao) / 10 + small(fen) / 100


def small(said: Optional[str]) -> Decimal:
    """One digit of 毛 or 分; none is nought."""
    return (number(said) or Decimal(0)) if said else Decimal(0)


def is_vague(text: str, start: int, end: int) -> bool:
    return bool(VAGUE_BEFORE.search(text[max(0, start - 4) : start]) or VAGUE_AFTER.match(text[end : end + 4]))


def is_price(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 12) : start]
    return bool(PRICE_BEFORE.search(before) or PRICE_AFTER.match(text[end : end + 6]) or RESALE.search(before))


def written(value: Decimal) -> str:
    """120.50 → 120.5, 200.00 → 200."""
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain

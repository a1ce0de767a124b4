"""Exact sums in yuan: `一百二十块五` → 120.5. No guesses (三百多), no unit prices (五毛八一度), no readings."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import List, Optional

from bot.engine.nlu.found import Found
from bot.engine.nlu.numbers import UNITS, number

N = r"(?:\d[\d,]*(?:\.\d+)?[百千万]?|[零一二两三四五六七八九十百千万点]+)"
ONE = r"[\d一二两三四五六七八九]"
YUAN = r"(?:块|元|蚊|圆|快(?=钱))(?:钱|人民币)?"
SUM = re.compile(
    rf"(?P<yuan>{N})\s?(?:{YUAN}(?:零(?={ONE}[毛角]))?(?:(?P<jiao>{ONE})(?:[毛角](?:(?P<fen>{ONE})分?)?|(?P<fen2>{ONE})(?!\d))?(?!个|直|样|起|共|定|般|下|边|并|度|天|年|月|户|家|次|多|几|表|电|地|板|牌|儿|区|屏|去|来|停|砖|石|玻))?)(?:钱|整)?"
    rf"|(?P<only_jiao>{ONE})[毛角](?:(?P<only_fen>{ONE})(?!度|个)分?)?(?:钱)?"
)
END = r"(?=$|[,，。.!！?？ 、;；]|了|呢|吧|啊|的|还|怎|没|到|但|可|都|现|换|一直)"
PAID = re.compile(
    rf"(?:交|缴|充|付|扣|欠|转|存|收|补|退|花|汇|打)(?:了|完|值|满|的是|的|费|款|我|过|你们|走|去|进|掉|着|一共|总共|共)*(?P<bare>{N})(?:{END}|(?=块))"
)
# Sums told without a unit: 这个月一百九, 余额还有五十, and what stands in full after 280.6付了双份.
CHARGED = re.compile(
    rf"(?:[电店]费|[一每]次|月份?|账单|余额|金额|一共|总共|合计|滞纳金|违约金|个月)(?:单|上|里)?(?:是|才|只|就|都|要|有|还|剩|竟然|居然|收)*(?P<bare>\d{{2,5}}(?:\.\d{{1,2}})?|[一二两三四五六七八九十百千零]+点[零一二三四五六七八九]{{1,2}}|[一二两三四五六七八九][百千万][零一二两三四五六七八九十百千]*|[二三四五六七八九]十[一二三四五六七八九]?){END}"
)
# 五月涨到五百四十五块五,六月又回到九十: what a bill came to.
CAME_TO = re.compile(
    rf"(?:[涨升降跌变飙掉跳加]到|[涨升降变加]成|变(?=[^成])|[又才]?回到|[跌降]回)(?:了)?(?P<bare>\d{{2,5}}(?:\.\d{{1,2}})?|[一二两三四五六七八九十百千零]{{2,}}){END}"
)
RESAID = re.compile(
    rf"[百十元块千][,，]?(?:不对|说错了?|错了)[,，]?(?:我)?(?:是|应该是)?(?P<bare>[一二两三四五六七八九][百千][零一二两三四五六七八九十]*){END}"
)
DECIMAL = re.compile(
    r"(?<![\d.:])(?P<bare>\d{1,5}\.\d{1,2})(?![\d.年月日号:]|\s?(?:度|k|千瓦|伏|v|安|米|%|倍|折|级|版|公里|万|秒|分钟|小时|平|个字|字))",
    re.I,
)
SOME_NUMERAL = re.compile("[0-9零〇一二两三四五六七八九十百千万俩半]")
MONEY = re.compile(r"[付交缴充扣收欠退转钱费账]|金额|一笔|同一笔|账单|余额")
MONEY_SAID = re.compile(r"[块元]|电费|账单")
READING = re.compile(r"读数|表上|示数|止码|起码|底数|走到|停在|跳到|电压|显示|表码|用电量|度数")
SYMBOL = re.compile(r"[¥￥]\s?(?P<bare>\d[\d,]*(?:\.\d{1,2})?)")
BARE_ANSWER = re.compile(
    r"^(?:金额|一共|总共|交的|是|欠款)*(?:是)?(?P<bare>\d+\.\d{1,2}|[一二两三四五六七八九][百千][一二三四五六七八九])[。. ]?$"
)
VAGUE_BEFORE = re.compile(
    r"(?:低于|高于|少于|大于|最少充|大概|大约|差不多|将近|接近|快|近|约|好几|几|上|超过|不到|最多|至少|起码)$"
)
VAGUE_AFTER = re.compile(
    r"^(?:行不行|得不得|可不可以|够不够|多|几|来|左右|上下|出头|以上|以下|不到|好几)|^钱?(?:左右|上下|出头|以上|以下|多)"
)
PRICE_BEFORE = re.compile(
    r"(?:(?:一|每|1)度(?:电)?|单价|电价|度电|每千瓦时|/度)(?:是|要|收|卖|才|都|为|按|到|价|多少|收我|收费|我们|卖给我们|[:：,，])*$"
)
PRICE_AFTER = re.compile(r"^(?:钱)?(?:的)?(?:一|每|/|1)(?:度|个?字|千瓦时)|^(?:的)?(?:单价|电价)|^的?一度")
CHEAP = 3  # yuan: what a kWh or a step of the tariff costs is below
TARIFF = re.compile(
    r"电价|[一每1]度|度电|单价|千瓦时|阶梯|[一二三1-3]档|峰|谷|卖电|按[^,，。]{0,8}收|个字|加价|转供|(?:房东|物业|商场|园区)[^,，。]{0,8}(?:电费|收)"
)
DIFFERENCE = re.compile(r"(?:多出|多了|少了|贵了|涨了|便宜了|高了|高出|差了|省了)(?:来)?(?:有|整整|足足)?$")
RESALE = re.compile(r"(?:一|每|1)度(?:电)?[^,，。]{0,8}$")


def find_amounts(text: str) -> List[Found]:
    """Every exact sum of a normalised text."""
    if not SOME_NUMERAL.search(text):  # most sentences: nothing to look for
        return []
    sums = list(SUM.finditer(text))
    found = [item for match in sums for item in [one_sum(match, text)] if item]
    taken = [match.span() for match in sums]
    bare = [*SYMBOL.finditer(text), *PAID.finditer(text), *BARE_ANSWER.finditer(text)]
    if MONEY.search(text) and not READING.search(text):
        bare += [*CHARGED.finditer(text), *DECIMAL.finditer(text)]
    if MONEY_SAID.search(text) and not READING.search(text):
        bare += CAME_TO.finditer(text)
    if found or bare:
        bare += RESAID.finditer(text)
    for match in bare:
        start, end = match.span("bare")
        value = number(match["bare"])
        if not value or len(match["bare"].replace(",", "")) >= 7 or any(s < end and start < e for s, e in taken):
            continue
        taken.append((start, end))
        if not is_vague(text, start, end) and not is_price(text, start, end, value):
            found.append(Found("amount", start, end, written(value)))
    return found


def one_sum(match: re.Match, text: str) -> Optional[Found]:
    start, end = match.span()
    value = yuan(match)
    if not value or is_vague(text, start, end) or is_price(text, start, end, value):
        return None
    return Found("amount", start, end, written(value))


def yuan(match: re.Match) -> Optional[Decimal]:
    """块 + 毛 + 分; a digit after 块 is 毛 (块五), two digits are 毛 and 分 (块三七)."""
    whole = number(match["yuan"]) if match["yuan"] else Decimal(0)
    if match["yuan"] and whole is None:
        part = number(re.sub(r"[百千万]$", "", match["yuan"]))  # 1.2万
        whole = part * UNITS[match["yuan"][-1]] if part and match["yuan"][-1] in UNITS else None
    if whole is None:
        return None
    jiao, fen = match["jiao"] or match["only_jiao"], match["fen"] or match["fen2"] or match["only_fen"]
    return whole + small(jiao) / 10 + small(fen) / 100


def small(said: Optional[str]) -> Decimal:
    """One digit of 毛 or 分; none is nought."""
    return (number(said) or Decimal(0)) if said else Decimal(0)


def is_vague(text: str, start: int, end: int) -> bool:
    return bool(VAGUE_BEFORE.search(text[max(0, start - 4) : start]) or VAGUE_AFTER.match(text[end : end + 4]))


def is_price(text: str, start: int, end: int, value: Decimal) -> bool:
    """What a kWh costs, or by how much two bills differ: neither is paid, owed or charged."""
    before = text[max(0, start - 12) : start]
    if value < CHEAP and TARIFF.search(text[max(0, start - 16) : end + 10]):
        return True
    named = PRICE_BEFORE.search(before) or PRICE_AFTER.match(text[end : end + 6])
    return bool(named or RESALE.search(before) or DIFFERENCE.search(before))


def written(value: Decimal) -> str:
    """120.50 → 120.5, 200.00 → 200."""
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain

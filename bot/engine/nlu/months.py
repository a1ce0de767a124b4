"""The month of a bill: 上个月, 三月份的, 去年腊月, 2026年8月, as `YYYY-MM`, only where a bill or usage is spoken of."""

from __future__ import annotations

import re
from datetime import date
from typing import List, Optional, Tuple

from bot.engine.nlu.feasts import FEAST, feast_near, feast_of
from bot.engine.nlu.found import Found
from bot.engine.nlu.lunar import latest_month, month_start
from bot.engine.nlu.numbers import DIGIT_VALUES, integer

CN_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
YEAR = r"(?:(?P<year>(?:20|二零|二〇|2零)[\d零〇一二三四五六七八九]{2}|\d\d|[一二][零〇一二三四五六七八九])年|(?P<relative_year>今年|本年|去年|上一年|前年|大前年)的?)"
NO_DAY = r"(?!份?的?\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})[号日])(?!份?的?(?:初|底|末|中旬|上旬|下旬))"
NAMED = re.compile(
    rf"(?<![\d个一二三四五六七八九十几两每])(?<![往每历年]年)(?:{YEAR})?(?P<lunar>农历|阴历|旧历)?(?:(?P<month>{CN_MONTH})月|(?P<folk>正月|冬月|腊月))份?{NO_DAY}"
)
ISO = re.compile(r"(?<!\d)(?P<year>20\d\d)\s?[-/.]\s?(?P<month>1[0-2]|0?[1-9])(?![\d])(?!\s?[-/.]\s?\d)")
COMPACT = re.compile(r"(?<!\d)(?P<year>20[23]\d)(?P<month>0[1-9]|1[0-2])(?=月|的?(?:电费|账单|发票))")
RELATIVE = re.compile(
    rf"(?<!每)(?:(?P<years>去年|前年)的?)?(?:(?P<back>上+上|大上|前|上|这|本|当|今|下|呢|同)(?:个|一个|只|各)?|(?P<heard>[商尚伤])[个各])月份?{NO_DAY}"
)
# 前两个月 as one month, unless it is told that they all were so.
AGO = re.compile(
    r"(?:前(?P<before>[两二三四五六2-6])个月(?=(?:的)?(?:那|电费|账单|单|用|$))|(?P<count>[一两二三四五六1-6])个月(?:之|以)?前的?(?=那|电费|账|单|用|帐))"
)
FIRST = re.compile(rf"(?:{YEAR})(?:头|第)(?P<nth>一|二|两|三|[1-3])?个月")
AT_FEAST = re.compile(rf"(?:{YEAR})?{FEAST}(?:那|当|这|所在)(?:一)?个?月")
SIDE_BY_SIDE = re.compile(
    r"(?<![\d十一二三四五六七八九几年])(?P<first>[一二三四五六七八九])(?:(?P<apart>[、,，和跟])?)(?P<second>[二三四五六七八九十])(?P<both>两个?)?月份?"
)
BILL = re.compile(
    r"费|电[飞肺非]|[多少几]字|走了|付|发[票漂飘]|抬头|专票|结清|账|帐|票|用电|用了|用多少|电量|[几多少]度|度数?|多少钱|几多钱|扣|缴|交|欠|钱|余额|抄表|结算|阶梯|查|明细|单子|贵|高|对比|金额|比|块|翻了|收了"
)
OUTAGE = re.compile(r"停电|来电|没电|断电|停吗|停不停|检修|跳闸|停了|电压|送电|复电|投诉")
SHORT = 14  # characters: a sentence this short that names a month answers the question which month
FOLK = {"正月": 1, "冬月": 11, "腊月": 12}
BACK = {"大上": 2, "前": 2, "这": 0, "本": 0, "当": 0, "今": 0, "呢": 0, "同": 0, "下": -1}


AHEAD = re.compile(r"(?:明年|后年|来年)的?$")  # no bill is known of a month to come


def find_bill_months(text: str, today: date) -> List[Found]:
    """Every bill month of a normalised text."""
    if not speaks_of_a_bill(text):
        return []
    found: List[Found] = []
    year_said: Optional[int] = None
    for match in sorted([*NAMED.finditer(text), *ISO.finditer(text), *COMPACT.finditer(text)], key=lambda m: m.start()):
        joined = bool(found) and re.fullmatch(r"[份的和跟与到至、,，\-]*", text[found[-1].end : match.start()])
        resolved, own_year = named_month(match, today, year_said if joined else None)
        year_said = own_year
        if resolved and not AHEAD.search(text[: match.start()]):
            found.append(Found("bill_month", *match.span(), resolved))
    for match in RELATIVE.finditer(text):
        year_back = {"去年": 12, "前年": 24}.get(match["years"], 0)
        if match["back"] != "同" or year_back:
            count = months(match["back"] or "上") + year_back
            found.append(Found("bill_month", *match.span(), months_back(today, count)))
    return [*found, *counted_months(text, today), *months_side_by_side(text, today)]


def counted_months(text: str, today: date) -> List[Found]:
    """Months told by a count or a feast: 两个月前, 今年头一个月, 国庆那个月."""
    found = []
    for match in AGO.finditer(text):
        count = integer(match["before"] or match["count"]) or 0
        found.append(Found("bill_month", *match.span(), months_back(today, count)))
    for match in FIRST.finditer(text):
        year = year_of(match["year"], match["relative_year"], today)
        found.append(Found("bill_month", *match.span(), f"{year:04d}-{integer(match['nth'] or '一'):02d}"))
    for match in AT_FEAST.finditer(text):
        year = year_of(match["year"], match["relative_year"], today)
        day = feast_of(match["feast"], year) if year else feast_near(match["feast"], today, ahead=False)
        if day:
            found.append(Found("bill_month", *match.span(), f"{day:%Y-%m}"))
    return found


def months_side_by_side(text: str, today: date) -> List[Found]:
    """七八月份 and 七、八两个月 are two months."""
    found = []
    for match in SIDE_BY_SIDE.finditer(text):
        first, second = integer(match["first"]) or 0, integer(match["second"]) or 0
        if second != first + 1 if not match["apart"] else not match["both"]:
            continue
        for month, start, end in (
            (first, match.start(), match.end("first")),
            (second, match.start("second"), match.end()),
        ):
            year = today.year if month <= today.month else today.year - 1
            found.append(Found("bill_month", start, end, f"{year:04d}-{month:02d}"))
    return found


def speaks_of_a_bill(text: str) -> bool:
    return bool(BILL.search(text)) or (not OUTAGE.search(text) and len(text) <= SHORT)


def months(back: str) -> int:
    """上 → 1, 上上 → 2, 上上上 → 3."""
    return BACK.get(back, len(back))


def months_back(today: date, count: int) -> str:
    years, month = divmod(today.year * 12 + today.month - 1 - count, 12)
    return f"{years:04d}-{month + 1:02d}"


def named_month(match: re.Match, today: date, inherited: Optional[int]) -> Tuple[Optional[str], Optional[int]]:
    """A named month and the year that was said with it. Without a year it is the latest that has begun."""
    parts = match.groupdict()
    year = year_of(parts.get("year"), parts.get("relative_year"), today) or inherited
    month = FOLK.get(parts.get("folk") or "") or integer(parts.get("month") or "")
    if not month:
        return None, year
    if parts.get("folk") == "腊月" and parts.get("relative_year"):
        return f"{year:04d}-12", year  # who asks for the bill of 去年腊月 means last December, not the lunar year's end
    if parts.get("folk") or parts.get("lunar"):
        start = (month_start(year, month) if year else None) or latest_month(month, today)
        if start and start > today:
            start = latest_month(month, today)
        return (f"{start:%Y-%m}" if start else None), year
    assumed = year or (today.year if month <= today.month else today.year - 1)
    return f"{assumed:04d}-{month:02d}", year


def year_of(said: Optional[str], relative: Optional[str], today: date) -> Optional[int]:
    if relative:
        return today.year - {"今年": 0, "本年": 0, "去年": 1, "上一年": 1, "前年": 2, "大前年": 3}[relative]
    if not said:
        return None
    number = int("".join(str(DIGIT_VALUES[c]) for c in said))
    return number if number >= 100 else 2000 + number

"""When it happened, or the day asked about: `YYYY-MM-DD`, or `YYYY-MM-DDTHH:MM` where an hour is said.

刚刚, 前几天 and other vague words name no day and give nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import List, Optional

from bot.engine.nlu.feasts import FEAST, feast_near
from bot.engine.nlu.found import TAKEN_BACK, Found
from bot.engine.nlu.months import CN_MONTH, YEAR, year_of
from bot.engine.nlu.numbers import integer

DAYS = {
    "大前天": -3, "前天": -2, "前日": -2, "前晚": -2, "昨天": -1, "昨日": -1, "昨儿": -1, "昨晚": -1, "昨夜": -1, "昨早": -1,
    "今天": 0, "今日": 0, "今儿": 0, "今早": 0, "今晚": 0, "今晨": 0, "今夜": 0, "明天": 1, "明日": 1, "明早": 1, "明晚": 1,
    "明儿": 1, "昨个": -1, "今个": 0, "明个": 1, "琴日": -1, "寻日": -1, "噚日": -1, "琴晚": -1, "寻晚": -1, "噚晚": -1, "听日": 1, "听晚": 1, "聽日": 1, "后天": 2, "后日": 2, "大后天": 3,
}  # fmt: skip
CN_DAY = r"(?:[12]\d|3[01]|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
CN_HOUR = r"(?:2[0-4]|1\d|0?\d|二十[一二三四]?|十[一二三四五六七八九]?|[零一二两三四五六七八九])"
CN_MINUTE = r"(?:[0-5]\d|零[一二三四五六七八九]|[二三四五]?十[一二三四五六七八九]?|[五]?(?=分))"
DAY_WORD = "|".join(sorted(DAYS, key=len, reverse=True))
WEEKDAYS = "一二三四五六日"
DAY = (
    rf"(?:(?P<iso>20\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}})|(?P<word>{DAY_WORD})|(?P<ago>\d+|[一二两三四五六七八九十]+)天(?P<side>以?前|之前|以?后|之后)"
    rf"|(?P<weekend>上上|下下|上|下|这|本)个?周末"
    rf"|{FEAST}(?:那天|当天|当晚|那晚|晚上|(?=停|会|有没有停))"
    rf"|(?:(?P<week>上上|下下|上|下|这|本)个?)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])"
    rf"|(?:{YEAR})?(?P<month>{CN_MONTH})月份?的?(?P<day>{CN_DAY})[号日]?(?![\d个月度块百千万多几点])"
    rf"|(?P<near>上个?月|这个?月|本月|下个?月)的?(?P<near_day>{CN_DAY})[号日]"
    rf"|(?<![\d路街巷道弄村屯组里栋区园苑月])(?P<lone>{CN_DAY})[号日](?!楼|栋|院|变|线|杆|表|店|铺|机|门|电|桥|单元|房|地|屋|国|常|期|用|子|桩|柜|库|码|工位|窗口|柜台))"
)
PART = r"(?P<part>凌晨|清晨|大清早|一大早|一早|早上|早晨|早间|上午|正?中午|午后|下午|傍晚|晚上|夜晚|大?半夜|夜里|深夜|晚间|白天|晚|早|夜)"
CLOCK = (
    rf"(?:(?<![百千万\d.])(?<![百千万].)(?P<hour>{CN_HOUR})(?:点|时)(?!建议|意见|要求|疑问|问题|[\d一二三四五六七八九十]+(?:块|元|度|毛|%|倍|千瓦))(?:钟|整)?"
    rf"(?P<half>半|一刻|三刻|{CN_MINUTE}(?!个|块|元|度|天|年))?分?|(?<!\d)(?P<hh>[01]?\d|2[0-3]):(?P<mm>[0-5]\d)(?!\d))"
)
PAUSE = r"(?:大概|大约|差不多|快到?|[,，])*"
BETWEEN = r"(?:的|那天|当天|就|是|从|我|大概|大约|差不多|快到?|[,，])*"
PART_ALONE = PART.replace("?P<part>", "?:")
DATED = re.compile(rf"{DAY}(?:{BETWEEN}{PART}?的?{PAUSE}{CLOCK}|(?:的|那天|当天)*{PART_ALONE})?")
TIMED = re.compile(rf"(?:{PART}的?{PAUSE})?{CLOCK}")
FUTURE = re.compile(
    r"(?:挪|改|换|推|调|约)(?:到|在|成)|预约|有空|提前|吗|会停|别停|要停|会不会|停不停|计划|检修|预计|通知|安排|打算|能来|什么时候"
)
PAST = re.compile(r"了(?!吗)|[停没坏交断]的|那天|时候")
LATE = {"晚上", "夜晚", "晚间", "晚", "夜", "夜里", "深夜", "半夜", "大半夜"}
AFTER_NOON = {"下午", "午后", "傍晚", *LATE}
# Hours that come again each day, or at which somebody works, are no event.
EACH_DAY = re.compile(r"每天|天天|每晚|每日|每到|一到|平时|经常|往常")
DAILY = re.compile(
    r"^[^,，。]{0,3}(?:上班|下班|开门|关门|放学|营业|收工|开工|吃饭|睡觉|起床|接孩子)|^(?:钟)?(?:以后|之后|过后|以前|之前)[^,，。]{0,4}(?:都|就|老|总|经常)"
)
UNTIL = re.compile(r"(?:钟|多|左右)?(?:到|至|-|~|—)+(?:今天|当天)?")
EVENING_SAID = re.compile(r"晚饭|夜饭|吃晚|天黑|下班|放学|傍晚|夜市|晚自习")
HOUSE_NUMBER = re.compile(r"门牌|房号|楼号|栋号|门号")
A_LITTLE = re.compile(r"^[一1]点$")


@dataclass(frozen=True)
class Moment:
    """A day, an hour of the (unsaid) day, or both, with its place in the text."""

    day: Optional[date]
    clock: Optional[str]
    carry: int  # days to add: midnight and the small hours of 昨晚 belong to the next day
    start: int
    end: int


def find_event_times(text: str, today: date) -> List[Found]:
    """Days and hours of a normalised text; an hour said apart joins the day said before it."""
    moments: List[Moment] = []
    for moment in read_moments(text, today):
        last = moments[-1] if moments else None
        between = text[last.end : moment.start] if last else ""
        if moment.day is None and last and last.clock is None:
            moments[-1] = Moment(last.day, moment.clock, moment.carry, last.start, moment.end)
        elif moment.day is None and last and TAKEN_BACK.fullmatch(between):
            moments.append(Moment(last.day, like(moment.clock, last.clock), moment.carry, moment.start, moment.end))
        elif moment.day is None and last and UNTIL.fullmatch(between):
            continue
        elif moment.day is not None or moment.clock is not None:
            moments.append(moment)
    return [Found("event_time", m.start, m.end, written(m, today)) for m in moments]


def like(clock: Optional[str], other: Optional[str]) -> Optional[str]:
    """An hour that replaces another is in the same half of the day: 昨晚八点,不是,九点."""
    late = clock and other and other >= "12:00" and "01:00" <= clock < "12:00"
    return f"{int(clock[:2]) + 12:02d}{clock[2:]}" if clock and late else clock


def written(moment: Moment, today: date) -> str:
    day = (moment.day or today) + timedelta(days=moment.carry)
    return day.isoformat() if moment.clock is None else f"{day.isoformat()}T{moment.clock}"


def read_moments(text: str, today: date) -> List[Moment]:
    found: List[Moment] = []
    for match in DATED.finditer(text):
        day = day_of(match, text, today)
        if day is None:
            continue
        clock, carry = clock_of(match)
        found.append(Moment(day, clock, carry if clock else 0, *match.span()))
    covered = [(m.start, m.end) for m in found]
    for match in TIMED.finditer(text):
        if any(match.start() < end and start < match.end() for start, end in covered) or not is_clock(match, text):
            continue
        if EACH_DAY.search(text[: match.start()]) or DAILY.match(text[match.end() :]):
            continue
        clock, carry = clock_of(match)
        if clock and not match["part"] and EVENING_SAID.search(text):
            clock = like(clock, "12:00")
        if clock:
            found.append(Moment(None, clock, carry, *match.span()))
    return sorted(found, key=lambda m: m.start)


def is_clock(match: re.Match, text: str) -> bool:
    """`一点` is mostly "a little"; a part of the day, 钟 or what follows makes it an hour."""
    if match["part"] in ("晚", "早") and A_LITTLE.match(match.group()[1:]):
        return False  # 下班晚一点
    if match["part"] or match["hh"] or match["half"]:
        return True
    before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 2]
    if before and before in "有快早晚差慢多好高低少大小" and not text[: match.start()].endswith("差不多"):
        return False
    if A_LITTLE.match(match.group()):
        return bool(re.match(r"钟|整|多|左右|停|的时候|开始", after))
    return not re.match(r"[上下]", after)


def day_of(match: re.Match, text: str, today: date) -> Optional[date]:
    """The day that a match names; None for an impossible one."""
    try:
        if match["iso"]:
            return date(*map(int, re.split(r"[-/.]", match["iso"])))
        if match["word"]:
            return today + timedelta(days=DAYS[match["word"]])
        if match["ago"]:
            count = integer(match["ago"]) or 0
            return today + timedelta(days=-count if "前" in match["side"] else count)
        if match["weekend"]:
            return weekday_of(match["weekend"], "六", text, today)
        if match["feast"]:
            return feast_near(match["feast"], today, ahead=bool(FUTURE.search(text)))
        if match["weekday"]:
            return weekday_of(match["week"], match["weekday"], text, today)
        if match["month"]:
            month = integer(match["month"]) or 0
            year = year_of(match["year"], match["relative_year"], today)
            return (
                date(year, month, integer(match["day"]) or 0)
                if year
                else nearest_year(month, integer(match["day"]) or 0, text, today)
            )
        if match["near"]:
            months = (
                today.year * 12
                + today.month
                - 1
                + (-1 if match["near"][0] == "上" else 1 if match["near"][0] == "下" else 0)
            )
            return date(months // 12, months % 12 + 1, integer(match["near_day"]) or 0)
        if HOUSE_NUMBER.search(text[max(0, match.start() - 10) : match.start()]):
            return None
        return lone_day(integer(match["lone"]) or 0, text, today)
    except ValueError:
        return None


def weekday_of(week: Optional[str], said: str, text: str, today: date) -> date:
    """周三 of this week, or of the one said; a bare one looks ahead in a question and back in a report."""
    index = WEEKDAYS.index("日" if said == "天" else said)
    monday = today - timedelta(days=today.weekday())
    if week:
        shift = {"上": -1, "上上": -2, "下": 1, "下下": 2}.get(week, 0)
        return monday + timedelta(days=index + 7 * shift)
    ahead = (index - today.weekday()) % 7
    return today + timedelta(days=ahead - 7 if ahead and PAST.search(text) and not FUTURE.search(text) else ahead)


def nearest_year(month: int, day: int, text: str, today: date) -> date:
    """A date without its year: past unless it is asked about."""
    this_year = date(today.year, month, day)
    if this_year <= today or FUTURE.search(text) or (this_year - today).days <= 30:
        return this_year
    return date(today.year - 1, month, day)


def lone_day(day: int, text: str, today: date) -> date:
    """`15号` alone: the coming one when asked about, else the last one."""
    months = today.year * 12 + today.month - 1
    if day > today.day and not FUTURE.search(text):
        months -= 1
    if day < today.day and FUTURE.search(text):
        months += 1
    return date(months // 12, months % 12 + 1, day)


def clock_of(match: re.Match) -> tuple:
    """(`HH:MM` or None, days to carry) of the hour in a match, with the part of the day said before it."""
    parts = match.groupdict()
    word = parts.get("word") or ""
    part = parts.get("part") or {"晚": "晚上", "夜": "夜里", "早": "早上", "晨": "早上"}.get(word[-1:], "")
    if parts.get("hh"):
        hour, minute = int(parts["hh"]), int(parts["mm"])
    elif parts.get("hour"):
        hour, minute = integer(parts["hour"]) or 0, minute_of(parts.get("half"))
    else:
        return None, 0
    carry = 0
    if hour == 24 or (hour == 12 and part in LATE):
        hour, carry = 0, 1
    elif part in LATE and hour < 6:
        carry = 1 if part in LATE and word.startswith(("昨", "前")) else 0
    elif (part in AFTER_NOON and hour < 12) or (part.endswith("中午") and hour < 3):
        hour += 12
    elif part == "凌晨" and hour == 12:
        hour = 0
    return (f"{hour:02d}:{minute:02d}", carry) if hour < 24 else (None, 0)


def minute_of(said: Optional[str]) -> int:
    if not said:
        return 0
    return {"半": 30, "一刻": 15, "三刻": 45}.get(said) or integer(said.lstrip("零")) or 0

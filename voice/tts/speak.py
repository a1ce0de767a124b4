"""From written to spoken Chinese: what a person would say for 128.50元, 2026-11-25, 0018 or WO202611230001. Pure
functions.

Rules are tried in order, each on what the earlier ones left as Arabic digits."""

import re
from collections.abc import Callable

import cn2an
from pypinyin import Style, lazy_pinyin

DIGITS = dict(zip("0123456789X", "零幺二三四五六七八九X", strict=True))
YEAR_DIGITS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
PAUSES = str.maketrans("，、；：。！？（）“”—…", ",,,,.!?,,  ,,")
MEASURES = "元块度次个户张位小时天分钟栋楼层号日月点档"
_TWO_AS_LIANG = "元块次个户张位小天分栋"


def speakable(text: str) -> str:
    """The text with every number in words."""
    for pattern, spoken in RULES:
        text = pattern.sub(spoken, text)
    return text


def pinyin(text: str) -> str:
    """Tone-numbered pinyin for espeak-ng's `sit/cmn-latn-pinyin` (its voice for characters reads them through
    English)."""
    syllables = lazy_pinyin(
        speakable(text), style=Style.TONE3, neutral_tone_with_five=True, tone_sandhi=True, v_to_u=True
    )
    return " ".join(part.translate(PAUSES) for part in syllables)


def sentences(text: str) -> list[str]:
    """Cut after 。！？； and line ends; each is synthesised and kept by itself."""
    return [part.strip() for part in re.findall(r"[^。！？；\n]+[。！？；]?", text) if re.search(r"\w", part)]


def one_by_one(digits: str) -> str:
    """With 幺 for 1, in groups as they are read out: 3-4-4 for a mobile number, fours otherwise."""
    sizes = [3, 4, 4] if len(digits) == 11 else [4] * (-(-len(digits) // 4))
    if len(digits) <= 5:
        sizes = [len(digits)]
    groups, start = [], 0
    for size in sizes:
        groups.append("".join(DIGITS[digit] for digit in digits[start : start + size]))
        start += size
    return "，".join(groups)


def number(digits: str) -> str:
    """128 → 一百二十八, 0.5283 → 零点五二八三."""
    return str(cn2an.an2cn(digits, "low"))


def counted(digits: str, measure: str) -> str:
    return ("两" if digits == "2" and measure[0] in _TWO_AS_LIANG else number(digits)) + measure


def yuan(whole: str, cents: str) -> str:
    """128.50 → 一百二十八元五角; 128.05 → 一百二十八元零五分; 0.50 → 五角."""
    jiao, fen = int(cents[0]), int((cents + "0")[1])
    words = counted(whole, "元") if int(whole) or not (jiao or fen) else ""
    if jiao:
        words += number(str(jiao)) + "角"
    elif fen and words:
        words += "零"
    return words + (number(str(fen)) + "分" if fen else "")


def year(digits: str) -> str:
    return "".join(YEAR_DIGITS[digit] for digit in digits) + "年"


def time_of_day(hour: str, minute: str) -> str:
    if minute == "00":
        return number(str(int(hour))) + "点整"
    return number(str(int(hour))) + "点" + ("零" if minute[0] == "0" else "") + number(str(int(minute))) + "分"


def _date(match: re.Match[str]) -> str:
    year_, month, day = match.groups()
    return year(year_) + number(str(int(month))) + "月" + (number(str(int(day))) + "日" if day else "")


RULES: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [
    (re.compile(r"WO(\d{12,})"), lambda m: one_by_one(m[1])),
    (re.compile(r"(\d{3})\*+(\d{3,4})"), lambda m: f"{one_by_one(m[1])}，尾号{one_by_one(m[2])}"),
    (re.compile(r"\*+(\d{3,4})"), lambda m: f"尾号{one_by_one(m[1])}"),
    (re.compile(r"(?<!\d)((?:19|20)\d\d)[-/](\d{1,2})(?:[-/](\d{1,2}))?(?!\d)"), _date),
    (re.compile(r"(?<!\d)((?:19|20)\d\d)年"), lambda m: year(m[1])),
    (re.compile(r"(?<!\d)([01]?\d|2[0-4]):([0-5]\d)(?::[0-5]\d)?"), lambda m: time_of_day(m[1], m[2])),
    (re.compile(r"(?:¥|￥)?(\d{1,9})\.(\d{1,2})\s*元"), lambda m: yuan(m[1], m[2])),
    (re.compile(r"(\d+(?:\.\d+)?)\s*%"), lambda m: "百分之" + number(m[1])),
    (re.compile(r"(?<=\d)\s*kWh", re.IGNORECASE), lambda m: "度"),
    (re.compile(r"((?:尾号|后四位|验证码|户号|编号|电话|号码)[为是：:\s]*)(\d+X?)"), lambda m: m[1] + one_by_one(m[2])),
    (re.compile(r"(?<![\d.])(\d{5,}X?|0\d+)(?![\d.])"), lambda m: one_by_one(m[1])),
    (re.compile(rf"(\d{{1,9}}(?:\.\d+)?)([{MEASURES}])"), lambda m: counted(m[1], m[2])),
    (re.compile(r"\d{1,9}(?:\.\d+)?"), lambda m: number(m[0])),
]

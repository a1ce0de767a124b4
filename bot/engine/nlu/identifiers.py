"""Numbers that name something: account, phone, identity card, work order, meter. Spoken in groups, with repairs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import List, Optional, Tuple

from bot.engine.nlu.found import REPAIR_WORDS, Found
from bot.engine.nlu.misheard import put_right
from bot.engine.nlu.numbers import DIGIT, digits

FILLED = r"(?:[ \-—_,，、.。…:：;]|嗯|呃|啊|哦|噢|那个|然后|接着|再(?:来)?|后面(?:是)?|接下来(?:是)?|是|空格|杠|前面(?:四位)?|前四位|前头|尾巴|尾号|尾数|开头|中间[两三四]位|最后[一两三四几]位|后面?[两三四几]位|末[位尾]|结尾|中间|最后|末尾|哎|等下|等一下|我看看)"
GROUP = rf"(?:(?:[2-9二两俩三四五六七八九]个{DIGIT})|{DIGIT}+)"
# The X of an identity card as it is said: 叉, 埃克斯, 最后那个是叉.
CROSS = r"(?:(?:最后|后面|末尾|再|加|然后)(?:那|一|的)*(?:个|位)?(?:数字?)?(?:就?是)?(?:一?个)?)?(?:叉|(?<=\d )[xX](?![a-zA-Z])|[埃艾爱]克斯|(?:大写|字母)的?[xX])(?![车路口子])"
TOKENS = re.compile(
    rf"(?P<contrast>不是(?:{DIGIT}|[ \-])+[,，]?(?:而|应该|是)+)"
    rf"|(?P<echo>(?:前面|前头|开头|后面|后头|最后|中间|尾巴|结尾|末尾)(?:[三四几两])?[位个]?[是系](?P<echoed>{DIGIT}{{2,}})[,，]?不[是系]{DIGIT}{{2,}})"
    rf"|(?P<repair>{REPAIR_WORDS}|[哦啊噢哎呃诶]*(?:错了|搞错|不是)[哦啊噢了]*)"
    rf"|(?P<cross>{CROSS})"
    rf"|(?P<repeat>(?<![末前])(?<!(?<!然)后)[2-9二两俩三四五六七八九]个{DIGIT}(?![百千万]))"
    rf"|(?P<digits>{DIGIT}+[xX]?(?![a-zA-Z]))"
    rf"|(?P<filled>{FILLED})"
)
SOME_DIGIT = re.compile(DIGIT)
KNOWN_LENGTHS = (16, 11, 13, 10)  # 户号 at CSG, a mobile, 户号 at State Grid: what a repaired number should come to
DECIMAL = re.compile(r"\d+\.\d{1,2}|\d{1,2}:\d\d")  # a sum or an hour
NUMERAL_AFTER = re.compile(r"[十百千万亿点]")

CONTEXTS = {
    "reading": r"读数|示数|止码|表底|底数|起码|指数|显示|单(?:子|据)?上(?:面)?(?:写|显示|是|印)的?(?!编号)|表上(?:面)?(?:写|显示|是)的?(?!编号)|走到|跳到|抄的是",
    "work_order": r"工单|单尾|单号|报修单|单子|派工单|(?<![a-zA-Z])w ?o",
    "meter": r"表[号好浩]|(?<![户电])编号尾|表上(?:面)?(?:印|贴|写|刻|标)(?:着|的)(?:号码?)?|电表上面那个号|电表(?:的)?(?:编|号|尾)|表(?:上面?|里)?(?:的)?编号|表尾|资产(?:编)?号|电能表|出厂(?:编)?号|表上(?:的)?(?:编号|号码)|条码|电表上(?:的|面)?(?:的)?(?:号|编号)",
    "identity": r"身份[证正政]|证件号?",
    "phone": r"手机|电话|联系(?:方式|号码)|回电|打我|号码",
    "account": r"户号|缴费号|交费号|客户编号|客户号|用户编号|用户号|用电编号",
    "other": r"银行卡|卡号|流水|订单|快递|运单|交易|验证码|座机|固话|税号|信用代码|邮编|发票号|工号",
}
NEAREST = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in CONTEXTS.items()), re.I)
TAIL = re.compile(r"尾号|尾数|末尾|末四位|末4位|(?:后|最后)(?:四|4|三|3|几|两|2|五|5|六|6)(?:位|个)")
LAST_FOUR = re.compile(r"(?:后面?|最后|末)(?:四|4)[位个]")
LAST_FOUR_BEFORE = re.compile(rf"{LAST_FOUR.pattern}(?:数字?|号码?)?(?:是|系|[:：,， ])*$")
HOTLINES = ("95598", "12345", "12398", "12315")
ORDER_NAMED_AFTER = re.compile(r"^[^,，。]{0,4}(?:工单|单|报修)")
ORDER_AFTER = re.compile(
    r"^号?(?:的)?(?:那|这)?(?:个|张|单|一单|一张|份)?(?:的)?(?:工单|单子?|报修|投诉|申请)|^(?:的)?(?:那|这)(?:张|单|个|份)"
)
OTHER_AFTER = re.compile(r"^(?:的|那个|这个)*(?:手机|电话|户|账户|卡|号码|车)")
UNIT_AFTER = re.compile(
    r"^\s*(?:年|月|日|号楼|号|点|块|元|度|字|个|栋|幢|室|单元|%|分|千瓦|kw|次|天|米|伏|v|户|条|小时|分钟|多|几)", re.I
)


# 3309127,铭牌上抄的 and 13907760001是我手机 name the number after it.
NAMED_AFTER = re.compile(
    r"^[,，。 ]*(?:(?P<meter>(?:铭牌|电表|表|表盘)(?:上面?|里)?(?:抄|写|印|看|的|刻))|(?:这个?|那个?)?(?:就)?(?:是|系)(?:我的?|我们的?|我家的?|家里的?|老公的?|老婆的?|的)*(?:(?P<account>户号|缴费号|客户编?号)|(?P<phone>手机|电话|号码|联系)|(?P<meter2>电?表号|电表|表的编号)|(?P<identity>身份证|证件)))"
)


@dataclass(frozen=True)
class Spoken:
    """One number as it stands after repairs, and where it was said."""

    value: str
    start: int
    end: int


def find_identifiers(text: str, expected: Optional[str] = None) -> List[Found]:
    """All identifiers of a normalised text. `expected` is the slot that was asked for, when one was."""
    found: List[Found] = []
    seen_to = 0
    text = put_right(text)
    if not SOME_DIGIT.search(text):  # most sentences: nothing to look for
        return []
    for spoken in spoken_numbers(text):
        kind = identify(text, spoken, text[seen_to : spoken.start], expected)
        if kind is not None:
            found.append(Found(kind[0], spoken.start, spoken.end, kind[1]))
        if kind is not None or len(spoken.value) >= 5:
            seen_to = spoken.end
    return found


def spoken_numbers(text: str) -> List[Spoken]:
    """Runs of digit groups joined by pauses, fillers and repairs, each read as one number (or split where two)."""
    spoken: List[Spoken] = []
    chain: List[Tuple[str, str, int, int]] = []
    at = 0
    for token in TOKENS.finditer(text):
        kind = token.lastgroup or ""
        if token.start() != at and chain:
            spoken += read_chain(chain)
            chain = []
        at = token.end()
        if kind in ("digits", "repeat"):
            if kind == "digits" and (
                NUMERAL_AFTER.match(text[at:]) or text[max(0, token.start() - 1) : token.start()] in tuple("十百千万")
            ):
                spoken += read_chain(chain)  # 一百二十: a quantity, no digits
                chain = []
                continue
            chain.append(("digits", value_of(kind, token.group()), *token.span()))
        elif kind == "cross" and chain and not chain[-1][1].endswith("X"):
            chain.append(("digits", "X", *token.span()))
        elif kind == "echo" and chain:
            if digits(token["echoed"]) not in "".join(value for _, value, _, _ in chain):
                chain += [("repair", "", *token.span()), ("digits", digits(token["echoed"]), *token.span("echoed"))]
        elif kind in ("repair", "contrast") and chain:
            chain.append(("repair", "", *token.span()))
    return spoken + read_chain(chain)


def value_of(kind: str, said: str) -> str:
    """`三个零` → 000; others digit by digit."""
    if kind == "repeat":
        count = 2 if said[0] == "俩" else int(digits(said[0]))
        return digits(said[2]) * count
    return digits(said)


def read_chain(chain: List[Tuple[str, str, int, int]]) -> List[Spoken]:
    """The numbers in one chain of groups and repairs."""
    sides: List[List[Tuple[str, int, int]]] = [[]]
    for kind, value, start, end in chain:
        if kind == "repair":
            sides.append([])
        else:
            sides[-1].append((value, start, end))
    sides = [side for side in sides if side]
    if not sides:
        return []
    if len(sides) == 1:
        return split(once(sides[0]))
    return [Spoken(repaired(sides), sides[0][0][1], sides[-1][-1][2])]


def once(groups: List[Tuple[str, int, int]]) -> List[Tuple[str, int, int]]:
    """Callers who say each group twice (零六零二,零六零二,幺幺零零,…) mean it once."""
    values = [value for value, _, _ in groups]
    said_once = values[::2]
    if values[1::2] == said_once and len("".join(said_once)) in KNOWN_LENGTHS:
        return [(value, groups[2 * n][1], groups[2 * n + 1][2]) for n, value in enumerate(said_once)]
    return groups


def split(groups: List[Tuple[str, int, int]]) -> List[Spoken]:
    """Groups said one after the other: a group that is whole by itself stands alone, short ones belong together."""
    numbers: List[List[Tuple[str, int, int]]] = [[]]
    for group in groups:
        current = numbers[-1]
        length = sum(len(value) for value, _, _ in current)
        if current and length < 10 and length + len(group[0]) == 16 and not re.match(r"1[3-9]\d{9}$", group[0]):
            current.append(group)
            continue
        if current and (
            len(group[0]) >= 10
            or length + len(group[0]) > 18
            or len(current[-1][0]) >= 10
            or (length in (11, 16) and is_whole(current))
        ):
            numbers.append([group])
        else:
            current.append(group)
    return [Spoken("".join(v for v, _, _ in n), n[0][1], n[-1][2]) for n in numbers if n]


def is_whole(groups: List[Tuple[str, int, int]]) -> bool:
    joined = "".join(value for value, _, _ in groups)
    return len(joined) == 16 or bool(re.fullmatch(r"1[3-9]\d{9}", joined) and len(groups) > 1)


def repaired(sides: List[List[Tuple[str, int, int]]]) -> str:
    """What the number comes to when later words take earlier ones back.

    A repair restates either all of it, or the groups said last, or the last digits: the reading that comes to
    a known length wins, the restated whole before the others.
    """
    groups = [value for value, _, _ in sides[0]]
    for side in sides[1:]:
        new = [value for value, _, _ in side]
        groups = one_repair(groups, new)
    return "".join(groups)


def one_repair(old: List[str], new: List[str]) -> List[str]:
    said, again = "".join(old), "".join(new)
    readings = [new]
    for back in range(1, len(old) + 1):
        readings.append([*old[:-back], *new])
    if len(again) < len(said):
        readings.append([said[: -len(again)], *new])
    if len(new[0]) < len(old[-1]):
        readings.append([*old[:-1], old[-1][: -len(new[0])], *new])
    for length in KNOWN_LENGTHS:
        for reading in readings:
            joined = "".join(reading)
            if len(joined) == length and (length != 11 or re.match(r"1[3-9]", joined)):
                return reading
    if len(again) >= 10 or len(said) < 10:
        return new
    return [said[: -len(again)], *new]


def identify(text: str, spoken: Spoken, before: str, expected: Optional[str]) -> Optional[Tuple[str, str]]:
    """Which identifier a number is, by its shape and by the nearest word that names one; None when it is none."""
    value, after = spoken.value, text[spoken.end : spoken.end + 8]
    if len(value) < 3 or value in HOTLINES or DECIMAL.fullmatch(text[spoken.start : spoken.end]):
        return None
    context = nearest_context(before[-24:]) or named_after(text[spoken.end : spoken.end + 20])
    tail = bool(TAIL.search(before[-12:]))
    if context == "other" or (context == "reading" and len(value) < 10):
        return None
    if "X" in value:
        return ("id_last4", value[-4:]) if len(value) in (4, 18) else None
    if len(value) < 10 and UNIT_AFTER.match(after) and not ORDER_AFTER.match(after):
        return None
    if context == "identity":
        return ("id_last4", value[-4:]) if len(value) in (4, 15, 18) else None
    if context == "meter":
        return ("meter_number", value)
    order = order_number(value, context, tail, before, after.lstrip("，"))
    if order:
        return ("work_order_number", order)
    if len(value) >= 10:
        return long_number(value, context, expected)
    if len(value) == 4 and context is None and LAST_FOUR_BEFORE.search(before[-12:]) and not ORDER_AFTER.match(after):
        return ("id_last4", value)
    return by_expectation(text, spoken, value, expected)


def nearest_context(before: str) -> Optional[str]:
    """The kind of number that the words just before it name."""
    named = [match.lastgroup for match in NEAREST.finditer(before)]
    return named[-1] if named else None


def named_after(after: str) -> Optional[str]:
    """The kind of number that the words just after it name."""
    named = NAMED_AFTER.match(after)
    return named.lastgroup.rstrip("2") if named and named.lastgroup else None


def order_number(value: str, context: Optional[str], tail: bool, before: str, after: str) -> Optional[str]:
    """A work order by its whole number (WO + date + sequence) or by its tail."""
    if re.search(r"w ?o[ \-]*$", before, re.I):
        return "WO" + value
    if re.fullmatch(r"20[23]\d(?:0[1-9]|1[0-2])[0-3]\d{5}", value) and ORDER_AFTER.match(after):
        return "WO" + value
    if context == "work_order":
        return "WO" + value if re.fullmatch(r"20\d{10,12}", value) else value if len(value) <= 8 else None
    if (
        len(value) > 8
        or OTHER_AFTER.match(after)
        or (context in ("account", "phone") and not ORDER_NAMED_AFTER.match(after))
    ):
        return None
    if len(value) == 4 and LAST_FOUR.search(before[-12:]) and not ORDER_AFTER.match(after):
        return None  # 后四位 alone is what the card was asked for; an order is called by its 尾号
    return value if tail or (len(value) >= 3 and ORDER_AFTER.match(after)) else None


def long_number(value: str, context: Optional[str], expected: Optional[str]) -> Optional[Tuple[str, str]]:
    """Ten digits and more: a mobile by its shape, else an account unless the words say otherwise."""
    mobile = re.fullmatch(r"(?:86)?(1[3-9]\d{9})", value)
    if mobile and context != "account" and (expected != "account_number" or context == "phone"):
        return ("phone_number", mobile[1])
    if context == "phone" or not 10 <= len(value) <= 16:
        return None
    if expected == "meter_number":
        return ("meter_number", value)
    return ("account_number", value)


def by_expectation(text: str, spoken: Spoken, value: str, expected: Optional[str]) -> Optional[Tuple[str, str]]:
    """A short number that stands alone answers the question asked; without a question four digits are the card's."""
    rest = TAIL.sub("", text[: spoken.start] + text[spoken.end :]).strip(" ,，。.、!！是的哦啊呢吧")
    if len(rest) > 4:
        return None
    if expected in ("meter_number", "work_order_number"):
        return (expected, value)
    return ("id_last4", value) if len(value) == 4 and expected in (None, "id_last4") else None

"""The way on from a place: 那个水库边上, 斜对面那条巷子进去第三家, 三楼左手边. It belongs to the literal span of the address."""

from __future__ import annotations

import re
from typing import List, Tuple

from bot.engine.nlu.text import HAN

N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})"
STOP = r"(?=$|[,，。.!！?？ 、])"
WHERE = r"(?:斜?对面|正对面|旁边|附近|[后前]面|[后前]边|背后|大?门口|隔壁|边上|[东西南北][边面]|楼下|底下|脚下|[路街巷桥坡山]脚|[路街巷村屯桥]口|桥头|过去(?:一点|[一两三几]百米|不远)?|进去(?:一点)?|拐角处?|转角处?)"
# A thing to steer by after a certain place: 六合村,那棵大榕树过去一点.
THING = r"(?:(?!停|断|坏|没|冒|烧|掉|电|说|讲|是|在|有|来|去|要|了)[\u4e00-\u9fff]){1,7}?"
BY_A_THING = re.compile(
    rf"[,，]?(?:的)?(?:[东西南北后前][边面])?那(?:里|边)?(?:个|棵|条|座|间|家|口|栋|块)(?:老|旧|大)?{THING}{WHERE}"
)
LANE = rf"(?:的)?[那这]一?条(?:小|老)?(?:巷子?|小?路|街|胡同)(?:口|里面?)?(?:进去|过去|走到底|往里走?|直走)?(?:的)?(?:第{N}[家栋户间座]|尽头)?"
NTH = rf"(?:的)?(?:[左右]边|[左右]手边?)?(?:数)?(?:过去|进去)?(?:的)?第{N}[家栋户间座](?:[左右]手?边)?"
THAT_ONE = rf"(?:的)?[那这]一?(?:[家户栋间](?:房子|屋)?|[家栋间个座]{HAN}{{0,4}}(?:楼|店|铺|屋|馆|房|档|摊))(?:[,，]?{N}楼)?{STOP}"
ON = re.compile(rf"(?:{LANE}|{NTH}|{THAT_ONE})")
SIDE = re.compile(rf"[,，]?(?:靠)?[左右](?:手)?边?(?:那|第{N})?[家户间]?{STOP}")
LOOKS = re.compile(rf"[,，](?:[红黄灰白蓝绿棕黑]色?{HAN}{{0,4}}的|{N}层(?:楼)?的)(?:[,，]?{N}楼)?{STOP}")
# Without a name a thing to steer by says where only with a way on: 学校后面那栋, 保健院斜对面那条巷子进去第三家.
GENERIC = re.compile(
    rf"(?:(?<=^)|(?<=[,，。在住到是]))(?:{HAN}{{0,6}}?)(?:学校|小学|中学|医院|保健院|卫生[院室所]|村委会?|政府|市场|车站|公园|超市|加油站|幼儿园|派出所|供销社|祠堂|土地庙|球场|水塔|水库|大榕树|鱼塘)"
    rf"(?:的)?{WHERE}(?:{LANE}|{NTH}|(?:的)?[那这]一?[家户栋间]{STOP})"
)
PLACE_BY_REGION = re.compile(
    r"(?!供电|电力)((?:(?![停断没有来的电在是县市区镇乡村我你他到今昨明这那])[\u4e00-\u9fff]){2,4}?)(?=那边|这边|那一带|这一带|一带|那片|那块)"
)


def by_landmark(text: str) -> List[Tuple[int, int]]:
    """Nameless landmarks with a way on from them."""
    return [match.span() for match in GENERIC.finditer(text)]


def way_on(text: str, end: int) -> int:
    """Where the address that reaches to `end` really ends."""
    at = -1
    while at != end:
        at = end
        for pattern in (BY_A_THING, LOOKS):
            found = pattern.match(text, end)
            end = found.end() if found else end
        if re.search(f"{WHERE}$", text[max(0, end - 6) : end]):
            found = ON.match(text, end)
            end = found.end() if found else end
        if re.search(rf"(?:{N}[楼层]|单元|\d|第{N}[家栋户])$", text[max(0, end - 6) : end]):
            found = SIDE.match(text, end)
            end = found.end() if found else end
    return end

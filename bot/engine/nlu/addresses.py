"""The literal span of an address: places of the lexicon, and whatever carries the suffix of a place (路, 村, 小区, 栋…)."""

from __future__ import annotations

import re
from typing import Iterable, List, Optional, Tuple

from bot.engine.nlu.found import DENIED, Found
from bot.engine.nlu.places import HARD_STOPS, LANDMARK, STOP_WORDS, Span, estate_start, named_places
from bot.engine.nlu.relative import PLACE_BY_REGION, by_landmark, way_on

NUMBER = r"(?:[A-Za-z]?\d{1,5}(?:[-#]\d+)*|[A-Da-d](?=栋|座|区|幢|单元)|[一二三四五六七八九十百零〇幺两]{1,6})"
UNIT = re.compile(
    rf"(?<=[园区期路])[A-Z]区|(?<=[园城苑府湾庄])[\d一二三四五六七八九]区|(?<=[路街村])[东西南北]{NUMBER}[里巷]|(?<![这那整每同])(?<!就我们)(?<!我们一){NUMBER}(?:号楼|号大院|号院|号(?!线|变|机|台|[码])|栋|幢|座(?!机)|单元|(?<![上下])层|楼|室|房(?!东|间)|里(?=\d)|弄|组(?!织)|队|巷|期|门面|号门|铺面?|社|仓(?!库)|仓库|档(?!位))"
    r"(?:附\d+号|之[一二三四五])?"
    r"(?:\d{3,4}(?![\d年度块元个])|[幺一二三四五六七八九十][零〇幺一二三四五六七八九]{2,3}(?![十百千]))?(?:室|房|号(?!码)|户(?![号主名]))?"
    r"|(?<=路|街|道|巷|村|屯)(?:\d{1,4})(?=$|[,，。 ])|(?<![\d-])\d{1,3}-\d{1,2}-\d{2,4}(?![\d-])"
)
BUILDING = re.compile(rf"{NUMBER}(?:号楼|栋|幢|座(?!机)|单元)")
COUNTED = re.compile(r"(?:[一两二三四五六七八九十]{1,2}|\d)(?:栋|幢|座)(?:楼|大楼|房子?|都|全)")
FLOOR = re.compile(rf"{NUMBER}[楼层]$")
POSITION = re.compile(
    r"(?:的)?(?P<where>旁边|旁|附近|斜?对面|正对面|后面|后边|背后|前面|前边|大?门口|十字路口|路口|三岔路口|交叉口|交汇处|隔壁|边上|楼下|楼上|桥头|桥底|后门|前门|东门|西门|南门|北门|正门|侧门|入口|出口|地铁口|地铁站|拐角处?|转角处?|一带|东面|西面|南面|北面|街上|街口|巷口|圩上|屯口|村口|尽头)"
)
BESIDE = re.compile(r"(?:的)?(?P<what>[\u4e00-\u9fff]{2,6}?)(?:的)?(?:旁边|附近|斜?对面|后面|前面|大?门口|隔壁|边上)")
NOT_BESIDE = re.compile(r"[停断坏闪烧冒倒掉亮黑跳报交欠查在有来去到说讲不也还就会要]")
SEARCHED = re.compile(r"(?:的)?(?:哪|有|最近|供电|营业|网点|电力|缴费|交费|办|能|可以|充电)")
BY_NUMBER = re.compile(r"(?:号|栋|幢|室|单元|楼|\d)$")
ON_A_CROSSING = re.compile(r"(?:的)?(?:交叉口|交汇处|交界|十字路口|路口|拐角|转角)")
NOT_AFTER_REGION = re.compile(
    r"^(?:市|区|县)?(?:的(?:班组|师傅|抢修|同事)|供电(?!营业|服务|所|大厅|网点)|电网|电力|南网|局|公司|人(?!民)|话|口音|米粉|日报|政府热线|移动|电信|联通|水务|自来水|燃气|公积金|天气|旅游|客服|[\u4e00-\u9fff]{2,10}(?:有限|公司|合作社))"
)
GAP = re.compile(r"[ ,，、]?的?(?:这里的?|那里的?|这边的?|那边的?)?|[ ,，、的]|里[头面]的?")
LEADS_TO = re.compile(r"(?:^|[,，。 在到去住离]|位于|地址(?:是|在|:|：)?)$")
Place = Tuple[int, int, str]


def find_addresses(text: str, places: Iterable[Place]) -> List[Found]:
    """Address spans of a normalised text; `places` are lexicon hits as (start, end, kind)."""
    hits = [place for place in places if place[2] in ("TOWN", "PLACE") or not NOT_AFTER_REGION.match(text[place[1] :])]
    sure = merged([(start, end) for start, end, kind in hits if kind != "SHORT"], text, gap=False)
    sure = before_places(sure, [(start, end) for start, end, kind in hits if kind == "SHORT"], text)
    sure = with_districts(sure, text)
    named = [*named_places(text, sure), *by_landmark(text)]
    strong = longest([*sure, *named])
    units = units_in(text, [end for _, end in strong])
    units = [unit for unit in units if not any(s < unit[1] and unit[0] < e for s, e in strong)]
    units = [unit for unit in units if not is_day_before_place(text, unit, strong)]
    estates = estates_before(text, units, strong)
    chains = merged(sorted([*strong, *units, *estates]), text, gap=True)
    found = [
        (with_province(text, start), way_on(text, with_position(text, way_on(text, end))))
        for start, end in chains
        if stands(text, start, end, sure, [*named, *estates])
    ]
    return [Found("address", start, end, text[start:end]) for start, end in merged(found, text, gap=True)]


def units_in(text: str, ends: List[int]) -> List[Span]:
    """Buildings, units and rooms; one that a name's last numeral runs into begins where the name ends (阳光一百|十二栋)."""
    found = []
    for match in UNIT.finditer(text):
        within = next((UNIT.match(text, end) for end in ends if match.start() < end < match.end()), None)
        if not COUNTED.match(text[match.start() :]):
            found.append((within or match).span())
    return found


def is_day_before_place(text: str, unit: Span, strong: List[Span]) -> bool:
    """二十六号青秀区民族大道: a house's number follows its road, so this one is a day."""
    alone = not any(end == unit[0] for _, end in strong)
    return alone and text[unit[1] - 1] == "号" and any(start == unit[1] for start, _ in strong)


def with_districts(sure: List[Span], text: str) -> List[Span]:
    """A region and the quarter of it that 那边 follows: 良庆区大沙田那边."""
    quarters = [(start, PLACE_BY_REGION.match(text, end)) for start, end in sure]
    return merged([*sure, *((start, found.end()) for start, found in quarters if found)], text, gap=False)


def before_places(sure: List[Span], short: List[Span], text: str) -> List[Span]:
    """Regions whose short name is a word of its own count where another place follows at once."""
    named = [(start, end) for start, end in named_places(text, [*sure, *short]) if end - start >= 3]
    starts = {start for start, _ in [*sure, *named]}
    return merged([*sure, *(span for span in short if span[1] in starts)], text, gap=False)


def estates_before(text: str, units: List[Span], strong: List[Span]) -> List[Span]:
    """An estate has no suffix that tells it, but a building after it."""
    found = []
    for start, end in units:
        if BUILDING.match(text[start:end]) and not any(e == start for _, e in [*strong, *units]):
            bound = max([e for _, e in [*strong, *units] if e <= start] + [0])
            name = estate_start(text, start, bound)
            found += [(name, start)] if name < start else []
    return found


def stands(text: str, start: int, end: int, sure: List[Span], named: List[Span]) -> bool:
    """Whether a chain is an address: a place in it, or a building; a landmark by itself only where one goes or stands."""
    if any(s >= start and e <= end for s, e in sure):
        return True
    inside = [span for span in named if span[0] >= start and span[1] <= end]
    if not inside:
        alike = re.match(r"(?:都|全)?[^,，]{0,2}(?:一样|同样)", text[end:])
        return bool(BUILDING.search(text[start:end])) and not alike
    if len(inside) > 1 or inside[0] != (start, end) or not LANDMARK.search(text[start:end]):
        return True
    return bool(POSITION.match(text[end:]) or (LEADS_TO.search(text[:start]) and end - start >= 4))


def merged(spans: List[Span], text: str, *, gap: bool) -> List[Span]:
    """Spans that touch, or that only a pause or 的 separates, as one."""
    joined: List[Span] = []
    for start, end in sorted(spans):
        if joined and (start <= joined[-1][1] or (gap and bridged(text, *joined[-1], start, end))):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def bridged(text: str, before: int, end: int, start: int, to: int) -> bool:
    """Whether what stands between two spans belongs to one address."""
    between = text[end:start]
    if DENIED.search(text[: max(0, before)]) and between[:1] in (",", "，") and not UNIT.match(text, start):
        return False  # 不是城北大道,城东大道108号
    if between in ("和", "与", "跟"):
        return bool(ON_A_CROSSING.match(text[to:]))
    if between[:1] in (",", "，") and FLOOR.fullmatch(text[start:to]):
        return False  # 41号，二楼那户
    return bool((start - end <= 3 and GAP.fullmatch(between)) or POSITION.fullmatch(between))


def longest(spans: List[Span]) -> List[Span]:
    kept: List[Span] = []
    for span in sorted(set(spans), key=lambda s: s[0] - s[1]):
        if not any(s <= span[0] and span[1] <= e for s, e in kept):
            kept.append(span)
    return sorted(kept)


def with_province(text: str, start: int) -> int:
    before: Optional[re.Match] = re.search(r"广西(?:壮族自治区|省)?$", text[:start])
    return before.start() if before else start


def with_position(text: str, end: int) -> int:
    """旁边, 对面 and their like belong to the address (and the 城 of 县城), unless something is sought or stands there."""
    if text[end - 1 : end] == "县" and re.match("城(?![关厢区镇乡])", text[end:]):
        end += 1
    elif text.startswith("县城", end) and not re.match("[关厢区镇乡]", text[end + 2 :]):
        end += 2
    if text[end - 1 : end] == "街" and text.startswith("上", end):
        end += 1
    after = POSITION.match(text, end)
    if after is None:
        beside = BESIDE.match(text, end)
        if beside is None or any(rule.search(beside["what"]) for rule in (HARD_STOPS, STOP_WORDS, NOT_BESIDE)):
            return end
        after = beside
    rest = text[after.end() :]
    where = after.group()
    if where.endswith(("附近", "一带", "旁边")) and SEARCHED.match(rest):
        return end
    if BY_NUMBER.search(text[:end]) and rest.startswith("的"):
        return end
    return after.end()

"""The literal span of an address: places of the lexicon, and whatever carries the suffix of a place (路, 村, 小区, 栋…)."""

from __future__ import annotations

import re
from typing import Iterable, List, Optional, Tuple

from bot.engine.nlu.found import Found

Span = Tuple[int, int]

NUMBER = r"(?:[A-Za-z]?\d{1,5}(?:[-#]\d+)*|[A-Da-d](?=栋|座|区|幢|单元)|[一二三四五六七八九十百零〇幺两]{1,6})"
UNIT = re.compile(
    rf"{NUMBER}(?:号楼|号大院|号院|号(?!线|变|机|台|[码])|栋|幢|座(?!机)|单元|(?<![上下])层|楼|室|房(?!东|间)|里(?=\d)|弄|组(?!织)|队|巷|期|门面|号门|铺面?|社)"
    r"(?:\d{3,4}(?![\d年度块元个])|[一二三四五六七八九十][零〇幺一二三四五六七八九]{2,3}(?![十百千]))?(?:室|房|号(?!码)|户(?![号主名]))?"
    r"|(?<=路|街|道|巷|村|屯)(?:\d{1,4})(?=$|[,，。 ])"
)
ORDINAL = re.compile("[一二三四五六七八九十]")
STANDS_ALONE = re.compile(rf"{NUMBER}(?:号楼|栋|幢|座|单元)")
SUFFIXES = (
    "自治县|县|街道办|街道|镇|乡|社区|村委会|村委|村民小组|村|屯|寨|庄|坡(?=屯|村)|大道|国道|省道|大街|路(?!由|灯)|街(?!坊)|胡同|小巷|巷(?!子)|小区|花园|家园|花苑|华苑|新苑|嘉园|佳园|雅苑|雅居|学苑|苑"
    "|公寓|大厦|大院|家属院|家属楼|家属区|公馆|山庄|新村|新城|新区|华府|豪庭|华庭|名都|名城|名苑|府邸|国际城|安置区|安置点|安置小区|移民小区"
    "|广场|公园|校区|学院|大学|中学|小学|高中|职校|学校|幼儿园|医院|卫生院|卫生所|批发市场|农贸市场|菜市场|市场|商场|商城|商业街|步行街|百货大楼|超市|酒店|宾馆|汽车站|客运站|火车站|车站|高铁站|机场|工业园|产业园|物流园|工业区|开发区|园区"
    "|宿舍楼|宿舍|加油站|派出所|政府|码头|大桥|水库|养殖场|养猪场|养鸡场|农场|林场|果园|工地|糖厂|电厂|水厂|加工厂|砖厂|木材厂|水泥厂|纪念馆|纪念公园|体育馆|图书馆|收费站|服务区|饭店|二中|一中|三中|四中|五中|老街|新街|古镇|景区"
)
SUFFIX = re.compile(f"(?:{SUFFIXES})")
LANDMARK = re.compile(
    r"(?:广场|公园|学院|大学|中学|小学|高中|学校|幼儿园|医院|卫生院|卫生所|市场|商场|商城|超市|酒店|宾馆|站|机场|宿舍楼?|派出所|政府|码头|大桥|水库|场|果园|工地|厂|馆|饭店|大厦|大院|家属.|园区|景区|校区|服务区)$"
)
POSITION = re.compile(
    r"(?:的)?(?:旁边|旁|附近|斜?对面|正对面|后面|后边|背后|前面|前边|大?门口|十字路口|路口|三岔路口|交叉口|交汇处|隔壁|边上|里面|楼下|楼上|桥头|桥底|后门|前门|东门|西门|南门|北门|正门|侧门|入口|出口|拐角|转角|一带|东面|西面|南面|北面|街上|屯口|村口|尽头)(?:那里|那边|这里|这边|那一带|这一带|那块)?"
)
# Where the name before a suffix must begin: after any of these.
STOP_WORDS = re.compile(
    "看一?下|查一?下|问一?下|一下|地址|位于|家住|住址|户号|[停没来有断用交送供][了过]?电|电费|报修|位置|就是|昨[晚天夜]|那[晚天]|范围|包不包括|包括|覆盖|今[天晚早]|明[天晚早]|后天|前天|现在|刚[刚才]|突然|为什么|因为|麻烦|[你您]好|具体"
    "|这边|这里|那边|那里|旁边|附近|对面|后面|前面|老家|隔壁|所有|周边|好像|听说|通知|关于|以及|门口|左右|[上下]午|[晚早]上|凌晨|中午|点钟|客户|师傅|靠近|经过|路过|过了|搬到|改[到成为]|[报写说]成|错了|应该|不对|全部|什么|周[一二三四五六日]|星期.|检修|计划|[上这本]个?月|查询|最近|离|请|问|帮|附近|有没有|能不能|是不是|会不会|要不要|需要|电表|电话|我家|投诉|举报|发现|变压器|半夜|夜里|反正|地点"
)
STOP_CHARACTERS = re.compile(
    r"[^\u4e00-\u9fff]|[我你您他她它咱俺们在住是到从往去找给把让说讲叫没了就也又还想哪什怎几个每各某条块片这该为因跟与及或等吗呢吧啊哦呀嘛啦哈的整些被对将从向于啥嗯唉喂已经很太再只都](?!安县|安瑶)"
    r"|和(?!平|谐|顺|兴|美|睦|安)|家(?!园|属|和|具)|全(?!州)|来(?!宾)|有(?!色|爱)|本(?!溪)|要(?!塞)|那(?=个|边|里|条|栋|家|的|块|片|些|种|座|幢|头|时|天|小区|村|屯|路|街|我)|一(?=家|个)|去(?!云)|号|栋|幢|座|单元|层|楼|室"
)
NOT_PLACES = re.compile(
    r"^(?:线|电|短|断|开|通|支|回|走|一|半|马|公|铁|网|铺|修|绕|思|出|套|高速公|柏油|水泥|大马|同一|老|新|一条|整条|两|几|后|前|左|右|上|下|里|外|小|大|隔壁|同|城中|农|乡|全|城|家|返|回|故|下|住宅|商业|高档|周|同个|逛|过|旧|进|出|双|三|主|沿|其他|别|别的|相邻|附近|周围|自然|行政|贫困|全国|广西|生活|边远|偏远|山|高压线)$"
)
NOT_LANDMARKS = re.compile(
    r"^(?:.|孩子|小孩|儿子|女儿|附近|一家|大型|小型|私人|公立|个体|电力|供电|当地|人民群众|老年|考|读|重点|交易|电力市场|股票|二手|劳动力|国内|整个|房地产|手机|网上|微信)$"
)
NOT_AFTER_REGION = re.compile(
    r"^(?:市|区|县)?(?:供电|电网|电力|南网|局|公司|人(?!民)|话|口音|米粉|日报|政府热线|移动|电信|联通|水务|自来水|燃气|公积金|天气|旅游|客服)"
)
GAP = re.compile(r"[ ,，、]?的?(?:这里的?|那里的?|这边的?|那边的?)?|[ ,，、的]")


def find_addresses(text: str, places: Iterable[Tuple[int, int, str]]) -> List[Found]:
    """Address spans of a normalised text; `places` are lexicon hits as (start, end, kind)."""
    strong = [(start, end) for start, end, kind in places if not NOT_AFTER_REGION.match(text[end:])]
    strong = merged(strong, text, gap=False)
    strong += named_places(text, strong)
    strong = longest(strong)
    units = [match.span() for match in UNIT.finditer(text)]
    chains = merged(
        sorted([*strong, *(u for u in units if not any(s < u[1] and u[0] < e for s, e in strong))]), text, gap=True
    )
    found = []
    for start, end in chains:
        if not stands(text, start, end, strong):
            continue
        found.append((with_province(text, start), with_position(text, end)))
    return [Found("address", start, end, text[start:end]) for start, end in merged(found, text, gap=True)]


def stands(text: str, start: int, end: int, strong: List[Span]) -> bool:
    """A chain of numbers alone is an address only with a building or a staircase in it."""
    if any(s >= start and e <= end for s, e in strong):
        return True
    return bool(STANDS_ALONE.search(text[start:end])) and not re.match(
        r"(?:都|全)?[^,，]{0,2}(?:一样|同样)", text[end:]
    )


def named_places(text: str, known: List[Span]) -> List[Span]:
    """Spans that end in a place's suffix and have a name before it."""
    found: List[Span] = []
    for match in SUFFIX.finditer(text):
        bound = max([e for s, e in [*found] if e <= match.start()] + [0])
        start = name_start(text, match.start(), bound)
        inside = [(s, e) for s, e in known if s < match.end() and e > start]
        if inside:
            start = min(start, *(s for s, _ in inside))
            name = text[max(start, inside[-1][1]) : match.start()]
            if not name or ORDINAL.fullmatch(name):  # 龙景 + 一 + 路: the number belongs to the name before it
                name = text[start : match.start()]
        else:
            name = text[start : match.start()]
        if acceptable(name, match.group(), text[match.end() : match.end() + 2]):
            found.append((start, match.end()))
    return found


def name_start(text: str, suffix: int, bound: int) -> int:
    """Where the name before a suffix begins: at most 8 characters back, after the last stop word."""
    window = max(bound, suffix - 8)
    start = window
    for stop in [
        *STOP_WORDS.finditer(text, window, suffix),
        *STOP_CHARACTERS.finditer(text, window, min(len(text), suffix + 1)),
    ]:
        if stop.start() < suffix:
            start = max(start, min(stop.end(), suffix))
    return start


def acceptable(name: str, suffix: str, after: str) -> bool:
    if not name or NOT_PLACES.match(name):
        return False
    if LANDMARK.search(suffix) and (len(name) < 2 or NOT_LANDMARKS.match(name)):
        return False
    if suffix == "路" and re.search("[拉接牵]一$", name):
        return False
    if suffix in ("路", "街") and re.search(r"(?:线|电|短|断|回|支|马|公|走|半|网)$", name):
        return False
    return not (suffix == "县" and after.startswith("城")) and not (suffix in ("乡", "镇") and after.startswith("镇"))


def merged(spans: List[Span], text: str, *, gap: bool) -> List[Span]:
    """Spans that touch, or that only a pause or 的 separates, as one."""
    joined: List[Span] = []
    for start, end in sorted(spans):
        if joined and (
            start <= joined[-1][1]
            or (gap and GAP.fullmatch(text[joined[-1][1] : start]) and start - joined[-1][1] <= 3)
        ):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif joined and gap and POSITION.fullmatch(text[joined[-1][1] : start]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


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
    """旁边, 对面 and their like belong to the address, and so does the 城 of 县城."""
    if text[end - 1 : end] == "县" and re.match("城(?![关厢区镇乡])", text[end:]):
        end += 1
    after = POSITION.match(text[end:])
    return end + after.end() if after else end

"""Where the name of a place begins: what stands before a suffix (路, 村, 小区…) or, for an estate, before 3栋."""

from __future__ import annotations

import re
from typing import List, Tuple

Span = Tuple[int, int]

SUFFIXES = (
    "自治县|县|街道办|街道|镇|乡|社区|村委会|村委|村民小组|村|屯|寨|庄|坡(?=屯|村)|大道|国道|省道|大街|路(?!由|灯|仔)|街(?!坊)|胡同|小巷|巷(?!子)|小区|花园|家园|花苑|华苑|新苑|丽苑|嘉园|佳园|丽景|丽湾|丽都|豪苑|御[苑园府景湾]|雅筑|雅轩|水岸|世家|名居|尚城|半岛|花城|雅苑|雅居|学苑|苑"
    "|公寓|大厦|大院|家属院|家属楼|家属区|公馆|山庄|新村|新城|新区|华府|豪庭|华庭|名都|名城|名苑|府邸|国际城|安置区|安置点|安置小区|移民小区|商住楼|住宅区|生活区"
    "|广场|公园|校区|学院|大学|中学|小学|高中|职校|学校|幼儿园|医院|保健院|卫生院|卫生所|卫生室|批发市场|农贸市场|菜市场|市场|商场|商城|商业街|步行街|百货大楼|超市|酒店|宾馆|汽车站|客运站|火车站|车站|高铁站|机场|工业园|产业园|物流园|工业区|开发区|园区"
    "|宿舍楼|宿舍|加油站|派出所|政府|码头|大桥|水库|养殖场|养猪场|养鸡场|农场|林场|果园|工地|糖厂|电厂|水厂|加工厂|砖厂|木材厂|水泥厂|纪念馆|纪念公园|体育馆|图书馆|收费站|服务区|饭店|二中|一中|三中|四中|五中|老街|新街|古镇|景区"
)
SUFFIX = re.compile(f"(?:{SUFFIXES})")
LANDMARK = re.compile(
    r"(?:广场|公园|学院|大学|中学|小学|高中|学校|幼儿园|医院|保健院|卫生院|卫生所|卫生室|市场|商场|商城|超市|酒店|宾馆|站|机场|宿舍楼?|派出所|政府|码头|大桥|水库|场|果园|工地|厂|馆|饭店|大厦|大院|家属.|园区|景区|校区|服务区|工业[园区]|开发区|安置[区点])$"
)
# Where the name before a suffix must begin: after any of these.
STOP_WORDS = re.compile(
    "看一?下|查一?下|问一?下|一下|住址|地址|地点|家住|位于|代表|负责|户号|[停没来有断用交送供][了过]?电|电费|报修|位置|就是|昨[晚天夜]|那[晚天]|范围|包不包括|包括|覆盖|今[天晚早]|明[天晚早]|后天|前天|现在|刚[刚才]|突然|为什么|因为|麻烦|[你您]好|具体"
    "|这边|这里|那边|那里|旁边|附近|对面|后面|前面|老家|隔壁|所有|周边|好像|听说|通知|关于|以及|门口|左右|[上下]午|[晚早]上|凌晨|中午|点钟|客户|师傅|靠近|经过|路过|过了|搬到|改[到成为]|[报写说登听]成|错了|应该|其实|实际|正确|不对|全部|什么|周[一二三四五六日]|星期.|检修|计划|[上这本下]个?月|查询|最近|离|请|问|帮|有没有|能不能|是不是|会不会|要不要|需要|电表|电话|我家|投诉|举报|发现|变压器|半夜|夜里|反正|漏电|着火|喂|民办|公办|私立|公立|想法|建议|保证|支持|感谢|楼栋|[去前今]年|用途"
)
STOP_CHARACTERS = re.compile(
    r"[^\u4e00-\u9fff]|[我你您他她它咱俺们在住是到从往去找给把让说讲叫听没了就也又还想哪什怎几个每各某条块片这该为因跟与及或等吗呢吧啊哦呀嘛啦哈的整些被对将从向于啥嗯唉喂已经很太再只都嘅喺系咗冇](?!安县|安瑶)"
    r"|和(?!平|谐|顺|兴|美|睦|安)|家(?!园|属|和|具)|全(?!州)|来(?!宾)|有(?!色|爱)|本(?!溪)|要(?!塞)|那(?=个|边|里|条|栋|家|的|块|片|些|种|座|幢|头|时|天|间|户|一|小区|街|我)|一(?=家|个)|去(?!云)|号|栋|幢|座|单元|层|楼|室"
)
# After a place that is certain (平马镇叫怀村), only these cannot be in a name.
HARD_STOPS = re.compile(
    r"[^\u4e00-\u9fff]|[我你您他她它咱们是哪什怎几个每条块片这的了吗呢吧啊呀嘛啦整些被没停断]|这边|这里|那边|那[里边条个栋片一]|号|栋|幢|单元|[有到]没?[电有]"
)
NAME_ALONE = re.compile("[和到过对来家有]")  # after one character alone these join nothing: 瑞和家园, 天对村
NOT_PLACES = re.compile(
    r"^(?:以前|原来|原先|不到|找不到|线|电|短|断|开|通|支|回|走|一|半|马|公|铁|网|铺|修|绕|思|出|套|高速公|柏油|水泥|大马|同一|老|新|一条|整条|两|几|后|前|左|右|上|下|里|外|小|大|隔壁|同|城中|农|乡|全|城|家|返|回|故|下|住宅|商业|高档|周|同个|逛|过|旧|进|出|双|三|主|沿|其他|别|别的|相邻|附近|周围|自然|行政|贫困|全国|广西|生活|边远|偏远|山|高压线|邻|本|驻|土|泥|夜|水|田|岔|弯|道|问|迷|赶|冤枉|隔篱|满|成|成条|满条|半条|各|逢)$"
)
NEW_AND_BIG = tuple("新大老水上下山中东西南北一二三四五六七八九十")
NOT_LANDMARKS = re.compile(
    r"^(?:.|孩子|小孩|儿子|女儿|附近|一家|大型|小型|私人|公立|个体|电力|供电|当地|人民群众|老年|考|读|重点|交易|电力市场|股票|二手|劳动力|国内|整个|房地产|手机|网上|微信|开小|开大|办|学校|员工|职工|工厂|单位|木材|家具|食品|塑料|五金|服装|水产)$"
)
NOT_BEFORE_ROAD = re.compile(
    r"(?:线|电|短|断|回|支|(?:修|过|横|挖|沿|边)马|公|走|半|网|跑|冤枉|赶|拐|迷|开|绕|弯|岔|让|带|认|问|接|[拉接牵]一)$"
)
IN_THE_WAY = re.compile(r"(?:开|租|卖|办|搞|养|做)(?:了|着|一?家)?")
# A name in front of 3栋 is an estate's, unless one of these is in it.
NOT_AN_ESTATE = re.compile(
    r"[停断坏修报交欠查开关说讲看听打请帮给让把被就也还才又再很太多少几不是了的吗呢吧我你他这那在住有来去每每各到成共总先叫做第两楼层幢栋座电灯线表前后左右]|小区|单元|隔壁|对面|旁边|门口|其中|另外|部分|地址"
)


def named_places(text: str, known: List[Span]) -> List[Span]:
    """Spans that end in a place's suffix and have a name before it; `known` are places already certain."""
    found: List[Span] = []
    for match in SUFFIX.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in known):
            continue
        bound = max([end for _, end in [*found, *known] if end <= match.start()] + [0])
        start, suffix = name_start(text, match.start(), bound), match.group()
        after = text[match.end() : match.end() + 2]
        if bound and follows(text, bound, match.start()) and joins_on(text[bound : match.start()], suffix, after):
            found.append((bound, match.end()))
        elif acceptable(text[start : match.start()], suffix, after):
            found.append((start, match.end()))
    return found


def follows(text: str, bound: int, suffix: int) -> bool:
    """Whether what stands between a certain place and a suffix (at most six characters) is a name, or nothing."""
    return suffix - bound <= 6 and not HARD_STOPS.search(text[bound:suffix])


def joins_on(name: str, suffix: str, after: str) -> bool:
    """After a certain place even 新 and 大 are names of villages (大化镇新村), and a landmark needs none (镇政府)."""
    return acceptable(f"…{name}" if name in NEW_AND_BIG else name or "……", suffix, after)


def name_start(text: str, suffix: int, bound: int) -> int:
    """Where the name before a suffix begins: at most 8 characters back, after the last stop word."""
    start = max(bound, suffix - 8)
    stops = [
        *STOP_WORDS.finditer(text, bound, suffix),
        *STOP_CHARACTERS.finditer(text, bound, min(len(text), suffix + 1)),
    ]
    for stop in sorted(stops, key=lambda found: found.start()):
        joins = NAME_ALONE.fullmatch(stop.group()) and stop.start() - start == 1
        if stop.start() < suffix and not joins:
            start = max(start, min(stop.end(), suffix))
    way = IN_THE_WAY.match(text, start, suffix)
    return way.end() if way and suffix - way.end() >= 2 and not text[start:suffix].startswith("开发") else start


def acceptable(name: str, suffix: str, after: str) -> bool:
    if not name or NOT_PLACES.match(name):
        return False
    if LANDMARK.search(suffix) and (len(name) < 2 or NOT_LANDMARKS.match(name) or re.search("电|开$|偷", name)):
        return False
    if suffix in ("路", "街") and NOT_BEFORE_ROAD.search(name):
        return False
    if suffix in ("村", "乡", "镇") and re.search(r"[下进回上驻]$", name) and len(name) > 3:
        return False
    return not (suffix == "县" and after.startswith("城")) and not (suffix in ("乡", "镇") and after.startswith("镇"))


def estate_start(text: str, unit: int, bound: int) -> int:
    """Where the estate's name before a building begins (荣和山水3栋); `unit` itself where there is none."""
    start = name_start(text, unit, bound)
    name = text[start:unit]
    return start if 3 <= len(name) <= 6 and not NOT_AN_ESTATE.search(name) else unit

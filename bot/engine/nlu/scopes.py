"""How wide an outage is, where the caller says so, and how satisfied: closed sets of phrases."""

from __future__ import annotations

import re
from typing import List, Optional

from bot.engine.nlu.found import Found
from bot.engine.nlu.numbers import DIGIT_VALUES

DARK = r"(?:又|都|全|全部|全都|突然|一下子|怎么|就|也|现在|今天|昨晚|刚刚|刚才|已经|整个)*(?:停电|没电|没有电|断电|停了|跳闸|黑|冇电|无电|不亮|没得电|没亮|停店|没店|没灯|瞎火)"


def any_of(*patterns: str) -> "re.Pattern[str]":
    return re.compile("|".join(patterns))


HOME = r"(?:我(?:们)?(?:家)?这(?:一|间|个)*(?:户|间|家(?:店|铺)?)|这一[户家]|我们?家?(?:这)?一?[家户]|我自己家?|我屋|我一个人|我们家|我家|自己家)"
OTHERS = r"(?:别人|别家|隔壁|邻居|对门|楼上|楼下|其他(?:的?(?:人|家|户|邻居|住户|楼))|人家|周围|旁边|左邻右舍|上下楼)(?:家|邻居|的|那边|几家|住户)*"
AREA = (
    r"(?:小区|社区|村子?|屯子?|片区|街道?|巷子?|镇子?|乡|区域|地区|片|院子?|园区|厂区|家属院|宿舍区|大院|学校|校区"
    r"|县城|城区|厂|市区?|商场|市场|村庄|庄|寨子?|队|组|弄|路段?)"
)
NEIGHBOURHOOD = (
    r"(?:小区|社区|村里|村|屯里|屯|寨子?|街上|镇上|附近|周围|四周|周边|片区|巷子)(?:的人|的|里|里面|几家|一带)*"
)
SCOPES = [
    (
        "household",
        any_of(
            rf"(?:就|只有|只|单单|单|光|唯独|偏偏|仅|仅仅|好像就)(?:是|有|得|剩)*{HOME}",
            r"(?:我们?家|我屋)(?:自己)?单独",
            r"(?:别人|别个|人家|别家|隔壁)(?:家)?[^,，。]{0,6}[,，]?就我(?:们)?(?:没有?|冇)",
            r"我们?家自己(?!人)",
            r"我[一自]?(?:个)?家(?:一家)",
            r"我一户",
            r"单独(?:就|是)?我(?:们|家)?这?(?:一)?[间家户]",
            r"就[她他](?:家|屋|一家)?(?:没有|没电|冇)",
            rf"就我(?:们)?屋{DARK}",
            r"我家一户",
            r"一户没电",
            rf"{OTHERS}(?:都|还|也)?(?:有电|亮着|亮|正常|没停|有灯|没事)(?!灯才)",
            r"(?:别家|别人家)都有",
        ),
    ),
    (
        "building",
        any_of(
            r"(?:一)?[整成](?:一)?(?:栋|幢|座|东(?=楼))(?:楼|大楼|都)?",
            r"(?:我们)?这(?:一)?栋[^,。]{0,12}?(?:统统|都|全)(?:没|停|黑)",
            r"全(?:栋|幢)楼?",
            r"一(?:整)?(?:栋|幢)(?:楼)?(?=都|全|没|停)",
            r"(?:这|那|本|我们?)(?:一)?(?:栋|幢)(?:楼)?(?:都|全|人)",
            r"整(?:个)?(?:一)?单元",
            r"(?:一个?|我们|这个?)单元(?:整个|全部)?(?=都|全|没|停|里|$)",
            rf"(?:我们|这|那)(?:整)?(?:个|栋)?(?:单元)?楼{DARK}",
            rf"楼里(?:面|头)?{DARK}",
            rf"就(?:是|我们)*(?:这|那|一)*(?:一)?[栋幢](?:楼)?(?={DARK}|$)",
            r"整[动冻洞](?:楼)?",
            r"(?:我们|这个?)单元(?=都|全|没|停|$)",
            r"全单元",
            r"整(?:一)?层",
            r"(?:我们|这)(?:这)?一?层(?=都|全|没|停|$)",
            r"整(?:个)?楼",
            r"全楼",
            r"楼上楼下(?:都|全|也)?(?:没|停|黑|无|冇)",
            r"上下楼(?:都|全|也)?(?:没|停|黑)",
            rf"(?:我们)?(?:这)?(?:栋)楼{DARK}",
        ),
    ),
    (
        "area",
        any_of(
            rf"[整成](?:个|片|条|座){AREA}",
            r"整(?:片|条线)",
            r"[整成]个(?:小[曲去区]|[\u4e00-\u9fff]{1,5}?(?:村|屯|小区|镇|街道|社区|片区|寨|坡|工业园|园区|市场))",
            rf"(?:村|屯|寨|镇|街|圩)(?:里面?|里头|上|子里){DARK}",
            r"(?:村|屯|寨|小区)(?:里面?|里头|子里)?一(?:户|盏灯?|个)(?:灯|人)?都[没不]",
            r"[满成]条?街(?:都|全)?(?:黑|没|停)",
            r"大家(?:家里)?(?:都|全)(?:没|停|黑|断)",
            r"(?:我们|这)?一个(?:院子|大院|村|屯|小区|寨子)(?:都|全)",
            r"全(?:小区|社区|村|屯|镇|县|街|城|寨|区|乡|院)(?!老小|人?都?(?:要|来)?(?:感谢|谢|表扬|夸))",
            r"(?:一|这|那)(?:整)?(?:大片|片|条街|条巷子|条路|带)(?:都|全|的|人)",
            r"一大片",
            r"全队|一(?:村|屯|寨|条街|个?小区)子?(?:的)?人",
            r"[几两三四五六七八九好][几]?个(?:屯|村|寨|小区)子?(?:一起|一齐|同时|全|都)",
            r"成个(?:村|小区|屯)",
            r"(?:小区|村|屯|街上)(?:里|里面)?一片漆黑",
            r"半(?:条街|个村|个小区|个城|边街)",
            rf"{NEIGHBOURHOOD}(?:都|全|也)(?:没|停|黑|断|是黑|没有|冇|无)",
            r"(?:几|好几)(?:栋|幢|户|家|个村|个小区|条街)(?:楼)?都",
            r"(?:邻居|隔壁|对门|左邻右舍|别人|别家|旁边|楼下店铺)(?:家|们)*(?:都|也)(?:没|停|黑|断|冇|无)",
            r"我们(?:这)?(?:一)?片",
            r"这一片",
            r"不(?:止|只|光|单)(?:是)?(?:我们?(?:一)?家|我一[家户])",
            rf"(?:我们|这个?|咱们?)(?:小区|村|屯|社区|寨|街|片){DARK}",
        ),
    ),
]
NEGATED = re.compile(r"不(?:止|只|光|单|仅)?(?:是)?$")
DENIED = re.compile(r"(?<!是)不[是系](?:说|讲)?$")
ONLY = re.compile(r"就|只|单|光|唯独|偏偏|仅|自己|有电|亮|正常|没停")

RATINGS = [
    (5, re.compile(r"(?<!不)(?:非常|很|十分|特别|相当|挺|超级?|太|满分|最)(?:的)?(?:满意|好评)|满分|(?<!不)满意得很")),
    (1, re.compile(r"(?:很|非常|十分|特别|极其?|超级?|太|一点(?:都|也)|完全|极度)(?:的)?不满意|差评|零分")),
    (2, re.compile(r"(?:不太|不怎么|不大|有点不|有些不|比较不|不是很|不够|不)满意")),
    (4, re.compile(r"(?:比较|还算|还|基本|较|蛮)满意|(?<![不很常分别当挺太较还算本])满意(?!度|的答复|答复)")),
    (3, re.compile(r"^(?:服务|评价|打个)?一般般?(?:吧|啦|啊)?[。. ]?$|(?:服务|评价|态度)(?:是)?一般")),
]
SCORE = re.compile(
    r"(?:打|给|评|改成|是|就|算|^|[,，])(?:价|个|你们?|他|她|师傅|您|服务)*(?P<n>[1-5一二三四五两])(?:分|星|颗星|个星)(?!钟|之|贝|时|区|公司|店|局|部|表)"
)
CHOSEN = re.compile(r"(?:满意[度渡]|评价|评分)(?:是|选|打|给|为|按)+(?P<n>[1-5一二三四五])(?![\d个])")
CHANGED = re.compile(r"改成|改为|不对")

BILLED = re.compile(r"电费|账单|收费|户号|水费|多少钱|电价|度数")
OUT = re.compile(r"停|没电|没有|断电|黑|不亮|没亮|没店|不通电|冇|跳闸|无电|亮着|灯|电压")


def find_scopes(text: str) -> List[Found]:
    """The extent said, at most one: 就我一家 in a dark house outweighs the house."""
    if BILLED.search(text) and not OUT.search(text):
        return []
    found: List[Found] = []
    for value, pattern in SCOPES:
        for match in pattern.finditer(text):
            denied = DENIED if value == "area" else NEGATED
            if denied.search(text[: match.start()]):
                continue
            found.append(Found("outage_scope", *match.span(), value))
    if not found:
        return []
    only_us = next((f for f in found if f.value == "household" and ONLY.search(text[f.start : f.end])), None)
    wider = [f for f in found if f.value != "household"]
    if only_us and not (wider and re.search(r"不(?:止|只|光|单|仅)", text)):
        return [only_us]
    said = [f for f in wider if f.value != "area" or text[f.start] != "不"]  # 不止我家 itself says least
    return [max(said or wider or found, key=lambda f: ("household", "building", "area").index(f.value))]


def find_ratings(text: str, expected: Optional[str] = None) -> List[Found]:
    """A mark from 1 to 5, in words or numbers; a bare digit unless something else was asked for."""
    scores = [*SCORE.finditer(text), *CHOSEN.finditer(text)]
    if scores:
        match = scores[-1 if CHANGED.search(text) else 0]
        return [Found("rating", *match.span("n"), str(DIGIT_VALUES[match["n"]]))]
    if expected in (None, "rating") and re.fullmatch(r"[1-5一二三四五]", text.strip(" 。.")):
        return [Found("rating", 0, len(text), str(DIGIT_VALUES[text.strip(" 。.")]))]
    for value, pattern in RATINGS:
        match = pattern.search(text)
        if match:
            return [Found("rating", *match.span(), str(value))]
    return []

"""Words of danger. A sentence that carries them is a hazard whatever the classifier thinks: better one crew too many."""

from __future__ import annotations

import re

THING = r"(?:电线|电缆|线路|线|电杆|电线杆|变压器|电表|表箱|电箱|配电箱|开关|插座|插排|闸|空开|电闸|漏保|接线|高压|火线|入户线|电柜|配电房|变电站|电房|杆|塔|瓷瓶|井盖|路灯|灯杆|充电桩)"
DANGERS = [
    re.compile(
        rf"{THING}[^,，。]{{0,8}}(?:冒烟|冒火|着火|起火|烧起来|烧着|烧焦|烧糊|冒火花|打火|爆炸|炸了|喷火|火花|火星|放电|漏电|发烫|滋滋|噼啪|糊味|焦味)"
    ),
    re.compile(rf"(?:冒烟|冒火|着火|起火|火花|火星|放电|漏电|爆炸)[^,，。]{{0,6}}{THING}"),
    re.compile(
        r"(?:电线|电缆|高压线|线)[^,，。]{0,6}(?:掉|断|垂|落|耷拉|拖)(?:了|在|到|下来|地)*[^,，。]{0,4}(?:地|路|水|树|车|屋顶|下来|下|院)"
    ),
    re.compile(r"(?:电线|电缆|高压线)(?:被[^,，。]{1,8})?(?:断了|断掉|掉下来|掉了|垂下来|刮断|砸断|扯断|挂断|撞断)"),
    re.compile(r"(?:电线杆|电杆|水泥杆|电塔|铁塔)[^,，。]{0,6}(?:倒|歪|断|斜|要塌)"),
    re.compile(r"触电|电到人|电死|电了一下|被电|电着人|电打人|麻手|麻人|麻一下|(?<![黑乌])麻麻|手麻|漏电"),
]
# 触电保护器 and 手机着火 are no danger of ours.
HARMLESS = re.compile(
    r"触电保护|漏电(?:保护|开关|跳)|没有?(?:触电|漏电|冒烟|着火)|会不会触电|防触电|手机|电动车|电瓶车|电视剧|电影|麻将|麻烦你|被电话|以前|去年"
)


def is_hazard(text: str) -> bool:
    """Whether a normalised sentence names a danger in so many words."""
    return not HARMLESS.search(text) and any(danger.search(text) for danger in DANGERS)

"""What an entity rule hands back, and the two things that are true of every kind: repairs and overlaps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable, List

# 不对是…, 不是…是…, 说错了, 重来: what came before is taken back.
REPAIR_WORDS = (
    r"(?:[哦啊噢嗯]?不对+|不是|不不+|哦不|啊不|噢不|(?:我|刚才|刚刚|前面)*(?:说|讲|念|报|写|打|搞|弄|输|记)?错了?(?=[,，。 、是应])|(?:说|讲|念|报|写|打|搞|弄|输|记)错了"
    r"|更正(?:一下)?|纠正(?:一下)?|改成|改为|应该是|其实(?:是)?|实际(?:上)?是?|正确的是?|重来|重新(?:说|报|念|来)(?:一下|一遍)?|重说|再报一遍)"
)
JOINT = r"[,，。.、;；:：!！ 的了啊哦噢呃嗯吧是我该应而才一下刚说讲]*"
TAKEN_BACK = re.compile(f"{JOINT}(?:{REPAIR_WORDS}{JOINT})+")
WORDS_AND_BACK = re.compile(f"[^,。]{{0,5}}?(?:不对|(?:说|讲|搞|报)?错了){JOINT}")
NOT_THIS = re.compile(r"(?<!是)不是[说]?$")
DENIED = re.compile(r"(?<!是)不(?:是|系)(?:说|讲|在|去|叫)?$")
AFFIRMED = re.compile(r"(?<!不)(?:是|系|叫|喊做|应该|应该在|位于)[,，]?$")
CONTRAST = re.compile(r"(?:的户|的)?[,，、]?不[是系]")
BUT_THAT = re.compile(r"^[的,，、 。啊呀了哦]*(?:而|应该|该|才)?是")
INSTEAD_OF = re.compile("[,，的]?(?:给|被)?(?:你们?|我)?[说讲报听写记登填录]成了?(?:是|了)?")  # 二单元说成三单元


@dataclass(frozen=True)
class Found:
    """An entity in the normalised text, its value in the form of the catalogue."""

    entity: str
    start: int
    end: int
    value: str


def without_repaired(text: str, found: Iterable[Found]) -> List[Found]:
    """Drop what the caller took back: `120块,不对,是130块` and `不是上个月,是上上个月` keep the second only."""
    kept: List[Found] = []
    for item in sorted(found, key=lambda f: f.start):
        previous = next((k for k in reversed(kept) if k.entity == item.entity), None)
        if previous is not None and INSTEAD_OF.fullmatch(text[previous.end : item.start]):
            continue
        if previous is not None and took_back(text, previous, item):
            kept.remove(previous)
        kept.append(item)
    return [item for item in kept if not denied(text, item, kept)]


def denied(text: str, item: Found, found: List[Found]) -> bool:
    """`是四川路,不是云南路`: what is said not to be is none where another of its kind is said to be."""
    others = [other for other in found if other.entity == item.entity and other is not item]
    return bool(others and DENIED.search(text[: item.start]))


def took_back(text: str, earlier: Found, later: Found) -> bool:
    between = text[earlier.end : later.start]
    if CONTRAST.fullmatch(between) and AFFIRMED.search(text[: earlier.start]):
        return False  # 是四川路,不是云南路
    if TAKEN_BACK.fullmatch(between) or WORDS_AND_BACK.fullmatch(between):
        return True
    return bool(NOT_THIS.search(text[: earlier.start]) and BUT_THAT.match(between))


def without_overlaps(found: Iterable[Found]) -> List[Found]:
    """Of two that overlap the longer wins, of equals the first given; sorted by place."""
    kept: List[Found] = []
    for item in sorted(found, key=lambda f: -(f.end - f.start)):
        if all(item.end <= other.start or item.start >= other.end for other in kept):
            kept.append(item)
    return sorted(kept, key=lambda f: f.start)


def said_once(found: Iterable[Found]) -> List[Found]:
    """What is said again to make sure is one; the first place counts, of an address (六排镇,就六排镇) the fullest."""
    first = {(item.entity, item.value): item for item in reversed(list(found))}
    fullest = [item for item in first.values() if not any(is_part(item, other) for other in first.values())]
    return sorted(fullest, key=lambda f: f.start)


def is_part(item: Found, other: Found) -> bool:
    return item.entity == other.entity == "address" and item.value != other.value and item.value in other.value

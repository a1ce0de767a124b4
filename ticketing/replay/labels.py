"""The Chinese words in which a replay is shown to inspectors, on the page and by the command."""

from datetime import datetime
from typing import Any

from ticketing.work_orders.numbers import LOCAL

SPEAKERS = {"customer": "客户", "bot": "智能客服", "agent": "人工客服", "system": "系统"}
BECAME = {"delivered": "已送达", "dropped": "已丢弃", "cut": "被打断"}
WORDS = {"as_sealed": "与审计链一致", "changed": "与审计链不一致！", "erased": "已按规定清除", "unproven": "无链上记录"}
DECISIONS = {"accept": "接受", "clarify": "追问", "fallback": "未听懂", "refuse": "拒绝"}
TOOK = {
    "heard_to_recorded": "听到→记录",
    "recorded_to_answered": "记录→答复",
    "answered_to_delivered": "答复→送达",
    "heard_to_delivered": "合计",
    "recorded_to_delivered": "记录→送达",
}


def when(moment: datetime | None) -> str:
    """Time of day in Asia/Shanghai, to the millisecond."""
    return "" if moment is None else moment.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def share(confidence: float | None) -> str:
    return "" if confidence is None else f"{confidence:.0%}"


def took(took_ms: dict[str, int | None]) -> str:
    return "，".join(f"{TOOK[name]} {value} 毫秒" for name, value in took_ms.items() if value is not None)


def became(step: dict[str, Any]) -> str:
    """What became of a sentence; a cut one with the millisecond."""
    told = []
    for each in step["became"]:
        cut = f"（{each['cut_at_ms']} 毫秒处）" if each["cut_at_ms"] is not None else ""
        told.append(f"{BECAME.get(each['state'], each['state'])}{cut} {when(each['at'])}")
    return "；".join(told)


def understood(step: dict[str, Any]) -> str:
    """Intent, confidence, the gate's decision, entities."""
    found = step["understood"]
    if not found:
        return ""
    named = "，".join(f"{each['entity']}={each.get('value')}" for each in found["entities"])
    parts = [
        f"意图 {found['intent']} {share(found['confidence'])}".rstrip(),
        f"判定 {DECISIONS.get(found['decision'], found['decision'])}",
    ]
    return "；".join([*parts, *([f"实体 {named}"] if named else []), *(["答复已丢弃"] if found["dropped"] else [])])


def source(step: dict[str, Any]) -> str:
    """The talk track, its version and who answers for that."""
    said = step["said"]
    if not said or not said["talk_track"]:
        return ""
    named = f"{said['talk_track']} 第 {said['version']} 版"
    if not (people := said["approved"]):
        return f"{named}（默认文本，未经发布）" if said["is_default"] else f"{named}（查无发布记录）"
    return (
        f"{named}：起草 {people['author']}，审核 {people['reviewer']}，发布 {people['publisher']}，"
        f"{when(people['published_at'])}"
    )


def rules(step: dict[str, Any]) -> str:
    return "；".join(
        f"{each['rule']}（{each['amount']} {each['unit']}，{each['source'] or '规则库中已无此条'}）"
        for each in (step["said"] or {}).get("rules", [])
    )


def words(step: dict[str, Any]) -> str:
    return "（已清除）" if step["erased_at"] else step["text"]

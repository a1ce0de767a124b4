"""A conversation in a few lines, from facts alone."""

from typing import Any

from ticketing.console import summary, words
from ticketing.console.wire import Facts

NOTHING: dict[str, Any] = {
    "channel": "web",
    "opened": "2026-11-23T01:02:03Z",
    "messages": {},
    "wishes": [],
    "named": [],
    "not_understood": 0,
    "dropped": 0,
    "level": 0,
    "asked": None,
    "orders": [],
    "outcomes": [],
}


def lines(**facts: Any) -> list[str]:
    return summary.lines(Facts.model_validate({**NOTHING, **facts}))


def test_nothing_known_says_nothing() -> None:
    assert lines() == []


def test_the_most_important_comes_first() -> None:
    told = lines(
        asked={"reason": "hazard", "skill": "general", "summary": "配电箱冒火花"},
        wishes=[{"intent": each} for each in ("report_outage", "report_outage", "ask_bill", "unheard_of")],
        named=[{"entity": "address", "value": "右江区中山二路8号"}, {"entity": "rating", "value": "5"}],
        orders=["WO202611230001"],
        not_understood=2,
        outcomes=[{"outcome": "solved", "note": "已说明", "agent": "韦晓岚", "at": "2026-11-23T01:02:03Z"}],
    )
    assert told == [
        "转人工：安全险情。配电箱冒火花",
        "来意：报停电 → 查电费",
        "已说：地址 右江区中山二路8号",
        "已建工单：WO202611230001",
        "智能客服有2次没听懂",
        "11-23 09:02 韦晓岚：已解决，已说明",
    ]


def test_what_the_assistant_hands_over_is_read_in_words() -> None:
    handed = "wish=report_outage; address=右江区中山二路8号; outage_scope=household; said=转人工"
    assert summary.told(handed) == "报停电；地址 右江区中山二路8号；停电范围 只有一户；“转人工”"
    assert summary.told("wish=unheard_of; said=喂; 有人吗") == "“喂; 有人吗”"
    assert summary.told("客户说家里没电") == "客户说家里没电"
    (line,) = lines(asked={"reason": "asked", "skill": "general", "summary": handed})
    assert line.startswith("转人工：客户要求人工。报停电；")


def test_times_read_as_people_say_them() -> None:
    assert [words.span(each) for each in (-1, 45, 125, 3720)] == ["0秒", "45秒", "2分05秒", "1时02分"]


def test_a_refusal_says_who_has_it_instead() -> None:
    assert words.refusal("NotYours", {"agent": "黄志强"}) == "这段会话现在不归您：黄志强正在处理"
    assert words.refusal("Unheard", {}) == "未能完成（Unheard）"

"""The lists behind the numbers of the wall, as HTML tables. Pure."""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from urllib.parse import quote

from ticketing.console import words
from ticketing.console.wire import Wall

VERDICTS = {
    "kept": "已兑现",
    "broken": "已超时",
    "overdue": "已超时",
    "running": "进行中",
    "paused": "暂停",
    "void": "终止",
}
HAZARD_S = 60


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str) -> tuple[int, str]:
    """How many rows, and the HTML; cells are HTML already."""
    listed = list(rows)
    if not listed:
        return 0, f'<div class="empty">{escape(empty)}</div>'
    head = "".join(f"<th scope=col>{escape(each)}</th>" for each in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in listed)
    return len(listed), f'<table class="grid"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _open(conversation: str, shown: str) -> str:
    return f'<a href="/console/?c={quote(conversation, safe="")}">{escape(shown)}</a>'


def _waiting(wall: Wall) -> tuple[int, str]:
    rows = (
        (
            str(each.position),
            _open(each.conversation, words.who(each.conversation, each.caller)),
            '<span class="bad">险情</span>' if each.hazard else escape(words.SKILLS.get(each.skill or "", "综合")),
            words.channel(each.channel),
            escape(words.REASONS.get(each.reason, each.reason)),
            words.span(each.waited_s),
        )
        for each in wall.waiting
    )
    return table(("位次", "客户", "技能", "渠道", "原因", "已等"), rows, empty="现在没有客户在等。")


def _colleagues(wall: Wall) -> tuple[int, str]:
    rows = (
        (
            escape(each.agent),
            escape("、".join(words.SKILLS.get(skill, skill) for skill in each.skills)),
            words.moment(each.since),
            str(each.conversations),
        )
        for each in wall.colleagues
    )
    return table(("坐席", "技能", "上岗时间", "会话"), rows, empty="没有人在岗。")


def _talking(wall: Wall) -> tuple[int, str]:
    rows = (
        (
            _open(each.conversation, words.who(each.conversation, each.caller)),
            words.channel(each.channel),
            escape(each.agent or words.CONTROLS.get(each.control, each.control)),
            escape(each.last_text),
            f"{words.span(each.unanswered_s)}未回" if each.unanswered_s is not None else "—",
        )
        for each in wall.talking
    )
    return table(("客户", "渠道", "由谁接待", "最后一句", "客户在等"), rows, empty="没有进行中的会话。")


def _hazards(wall: Wall) -> tuple[int, str]:
    rows = (
        (
            escape(each.order),
            words.clock(each.raised_at),
            f"响铃 {each.rung} 次" if each.rung else "即将响铃",
            f"还剩 {HAZARD_S - each.waited_s} 秒"
            if each.waited_s < HAZARD_S
            else f'<span class="bad">已超 {words.span(each.waited_s - HAZARD_S)}</span>',
        )
        for each in wall.hazards
    )
    return table(("工单", "发生", "通知", "60 秒内受理"), rows, empty="没有待受理的险情。")


def _promises(wall: Wall) -> tuple[int, str]:
    rows = (
        (
            escape(each.order),
            _open(each.conversation, "查看会话"),
            escape(each.text),
            words.moment(each.deadline) if each.deadline else "—",
            f'<span class="{_colour(each.verdict)}">{VERDICTS.get(each.verdict, each.verdict)}</span>',
        )
        for each in wall.promises
    )
    return table(("工单", "会话", "承诺", "期限", "状态"), rows, empty="今天没有到期的承诺。")


def _colour(verdict: str) -> str:
    return {"kept": "ok", "broken": "bad", "overdue": "bad"}.get(verdict, "")


def _outages(wall: Wall) -> tuple[int, str]:
    rows = (
        (
            escape(each.id),
            escape(each.area),
            escape(each.cause),
            words.moment(each.started),
            words.moment(each.etr) if each.etr else "待定",
            str(each.reports),
        )
        for each in wall.outages
    )
    return table(("编号", "范围", "原因", "开始", "预计恢复", "报修"), rows, empty="没有正在停电的区域。")


TABLES: dict[str, tuple[str, Callable[[Wall], tuple[int, str]]]] = {
    "waiting": ("等待接入的客户", _waiting),
    "longest": ("等待最久的客户（按队列次序）", _waiting),
    "colleagues": ("在岗坐席", _colleagues),
    "talking": ("进行中的会话", _talking),
    "hazards": ("待受理的险情", _hazards),
    "promises": ("今日到期的承诺", _promises),
    "outages": ("正在停电的区域", _outages),
}

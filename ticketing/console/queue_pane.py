"""Left: who waits, next first; my conversations; for who may watch, those of others. Rows stay the same elements
while they stand, so that the keyboard's place is not lost when the list is drawn anew."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from html import escape

from nicegui import ui

from ticketing.console import words
from ticketing.console.summary import told
from ticketing.console.widgets import html, text
from ticketing.console.wire import Lobby, Talk, Waiting

LATE_S = 60
Open = Callable[[str], Awaitable[None]]


@dataclass
class Row:
    button: ui.element
    inside: ui.html


class Section:
    """One list with its number."""

    def __init__(self, title: str, empty: str, choose: Open) -> None:
        self._choose, self._rows = choose, dict[str, Row]()
        with ui.element("div").classes("cap"):
            text(title, tag="h2")
            self._count = text("0", tag="span", kind="count")
        self._list = ui.element("div").classes("rows")
        self._empty = text(empty, kind="empty")

    def show(self, rows: list[tuple[str, str, str]], *, hot: bool = False) -> None:
        """Each row is a conversation, its classes and its HTML, in the order in which they stand."""
        self._count.content = str(len(rows))
        self._count.classes(add="hot" if hot else "", remove="" if hot else "hot")
        self._empty.visible = not rows
        for gone in self._rows.keys() - {conversation for conversation, _, _ in rows}:
            self._rows.pop(gone).button.delete()
        for place, (conversation, kind, content) in enumerate(rows):
            row = self._rows.get(conversation) or self._add(conversation)
            row.button.classes(replace=f"entry {kind}")
            if row.inside.content != content:
                row.inside.content = content
            if list(self._list.default_slot.children).index(row.button) != place:
                row.button.move(self._list, place)

    def _add(self, conversation: str) -> Row:
        with self._list:
            button = ui.element("button").classes("entry").props("type=button")
            with button:
                inside = html("", tag="span")
        button.on("click", partial(self._choose, conversation))
        self._rows[conversation] = Row(button, inside)
        return self._rows[conversation]


class QueuePane:
    def __init__(self, choose: Open, *, watches: bool) -> None:
        with ui.element("nav").classes("pane").props('aria-label="会话列表"'), ui.element("div").classes("scroll"):
            self._waiting = Section("等待接入", "现在没有客户在等。", choose)
            self._mine = Section("我的会话", "还没有接入会话。", choose)
            self._others = Section("其他会话", "没有进行中的会话。", choose) if watches else None

    def show(self, lobby: Lobby, *, opened: str | None) -> None:
        hot = any(each.hazard or each.waited_s > LATE_S for each in lobby.waiting)
        self._waiting.show([_waiting(each, opened) for each in lobby.waiting], hot=hot)
        self._mine.show([_talk(each, opened, mine=True) for each in lobby.mine])
        if self._others is not None:
            self._others.show([_talk(each, opened, mine=False) for each in lobby.others])


def _waiting(each: Waiting, opened: str | None) -> tuple[str, str, str]:
    late = ' class="late"' if each.waited_s > LATE_S else ""
    reason = words.REASONS.get(each.reason, each.reason)
    chip = (
        f'<span class="chip {"hazard" if each.hazard else ""}">{escape("险情" if each.hazard else _skill(each))}</span>'
    )
    content = (
        f'<span class="a"><span>{each.position}. {escape(words.who(each.conversation, each.caller))}</span>'
        f"<span{late}>{words.span(each.waited_s)}</span></span>"
        f'<span class="b">{chip}<span class="chip">{words.channel(each.channel)}</span>'
        f"{escape(told(each.summary) or reason)}</span>"
    )
    return each.conversation, _classes(each.conversation, opened, hazard=each.hazard), content


def _skill(each: Waiting) -> str:
    return words.SKILLS.get(each.skill or "general", "综合")


def _talk(each: Talk, opened: str | None, *, mine: bool) -> tuple[str, str, str]:
    waits = each.unanswered_s is not None and each.control == "agent"
    late = ' class="late"' if waits and (each.unanswered_s or 0) > LATE_S else ""
    said = f"<span{late}>{words.span(each.unanswered_s or 0)}未回</span>" if waits else f"<span>{_whose(each)}</span>"
    content = (
        f'<span class="a"><span>{escape(words.who(each.conversation, each.caller))}</span>{said}</span>'
        f'<span class="b">{_chips(each, mine=mine)}{escape(each.last_text)}</span>'
    )
    return each.conversation, _classes(each.conversation, opened), content


def _chips(each: Talk, *, mine: bool) -> str:
    """The channel; and, while a customer of somebody else waits for an answer, who is to give it."""
    named = not mine and each.agent and each.unanswered_s is not None
    owner = f'<span class="chip agent">{escape(each.agent or "")}</span>' if named else ""
    return f'{owner}<span class="chip">{words.channel(each.channel)}</span>'


def _whose(each: Talk) -> str:
    return escape(each.agent or words.CONTROLS.get(each.control, each.control))


def _classes(conversation: str, opened: str | None, *, hazard: bool = False) -> str:
    return " ".join(name for name, on in (("open", conversation == opened), ("hazard", hazard)) if on)

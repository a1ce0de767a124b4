"""What is asked before something is done: an order, to whom to pass on, how it ended; and the list of keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from nicegui import ui

from ticketing.console import words
from ticketing.console.widgets import button, html, text

if TYPE_CHECKING:
    from ticketing.console.screen import Screen

KEYS = {
    "J / K": "在列表里向下 / 向上",
    "N": "打开等待最前的一位",
    "T": "接入当前客户",
    "R": "到回复框",
    "Ctrl+Enter": "发送",
    "Esc": "离开回复框，关闭窗口",
    "O": "建工单",
    "G": "转接",
    "B": "交回智能客服",
    "E": "结束会话",
    "L": "浅色 / 深色",
    "?": "本页",
}


@contextmanager
def sheet(screen: "Screen", title: str) -> Iterator[ui.dialog]:
    """A window over the page, gone when it is closed; Esc closes it."""
    with (
        screen.root,
        ui.dialog() as dialog,
        ui.element("div").classes("sheet").props(f'role=dialog aria-label="{title}"'),
    ):
        text(title, tag="h1")
        yield dialog
    dialog.on("hide", dialog.delete)
    dialog.open()


def show_keys(screen: "Screen") -> None:
    with sheet(screen, "快捷键") as dialog:
        html("".join(f"<kbd>{key}</kbd><span>{what}</span>" for key, what in KEYS.items()), kind="keys")
        _acts(dialog)


def ask_order(screen: "Screen", conversation: str, epoch: int) -> None:
    """One key for one window: pressed twice, one order."""
    key = uuid4().hex
    with sheet(screen, "建工单") as dialog:
        kind = ui.select(words.KINDS, value="outage", label="业务类型").props("outlined dense")
        address = ui.input("地址（需到现场的必填）").props("outlined dense")
        phone = ui.input("联系电话（空：用来电号码）").props("outlined dense")
        description = ui.textarea("情况说明").props("outlined dense autogrow")

        async def make() -> None:
            wish = {"key": key, "kind": kind.value, "epoch": epoch, "address": address.value or None}
            wish |= {"contact_phone": phone.value or None, "description": description.value or ""}
            if await screen.made_order(conversation, wish):
                dialog.close()

        _acts(dialog, button_words="提交工单", act=make)


def ask_transfer(screen: "Screen", conversation: str, epoch: int) -> None:
    with sheet(screen, "转接") as dialog:
        note = ui.input("给下一位的话（选填）").props("outlined dense")

        async def give(to: str | None, skill: str | None) -> None:
            asked = screen.desk.hand_over(conversation, epoch=epoch, to=to, skill=skill, note=note.value or "")
            if await screen.did(asked, said="已转接"):
                dialog.close()
            await screen.look()

        colleagues = [each for each in screen.lobby.colleagues if each.agent != screen.me.name] if screen.lobby else []
        text("在岗同事" if colleagues else "没有其他同事在岗", tag="h2")
        with ui.element("div").classes("pick"):
            for each in colleagues:
                skills = "、".join(words.SKILLS.get(skill, skill) for skill in each.skills)
                button(f"{each.agent}（{skills}） {each.conversations} 个会话", partial(give, each.agent, None))
        text("回到队列，按技能", tag="h2")
        with ui.element("div").classes("skills"):
            for name, label in words.SKILLS.items():
                button(label, partial(give, None, name))
        _acts(dialog)


def ask_end(screen: "Screen", conversation: str, epoch: int) -> None:
    with sheet(screen, "结束会话") as dialog:
        outcome = ui.radio(words.OUTCOMES, value="solved").props("dense")
        note = ui.textarea("备注（下一位能看到）").props("outlined dense autogrow")

        async def end() -> None:
            ended = screen.desk.end(conversation, epoch=epoch, outcome=outcome.value, note=note.value or "")
            if await screen.did(ended, said="会话已结束"):
                dialog.close()
            await screen.look()

        _acts(dialog, button_words="结束会话", act=end)


def _acts(dialog: ui.dialog, *, button_words: str = "", act: object = None) -> None:
    with ui.element("div").classes("acts"):
        button("取消" if button_words else "关闭", dialog.close)
        if button_words and callable(act):
            button(button_words, act, kind="first")

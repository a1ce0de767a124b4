"""Middle: one conversation, live; what can be done in it; the box in which the answer is typed."""

from html import escape
from typing import TYPE_CHECKING
from uuid import uuid4

from nicegui import ui

from ticketing.console import words
from ticketing.console.transcript import Transcript
from ticketing.console.widgets import button, html, text
from ticketing.console.wire import Head, Opened

if TYPE_CHECKING:
    from ticketing.console.screen import Screen

HELLO = (
    "<b>从左侧选择一位客户</b>按 <kbd>J</kbd> <kbd>K</kbd> 上下移动，"
    "<kbd>N</kbd> 打开最前面的一位，<kbd>?</kbd> 查看全部快捷键"
)
LONGEST = 4000


class TalkPane:
    def __init__(self, screen: "Screen") -> None:
        self._screen, self.head = screen, None
        self._saved, self._attempt = "", ("", "")
        with ui.element("section").classes("pane talk").props('aria-label="当前会话"'):
            self._bar = ui.element("div").classes("bar")
            self._hello = html(HELLO, kind="nothing")
            self._log = Transcript(self._reveal)
            self._compose()
        self.draw()

    head: Head | None

    @property
    def is_mine(self) -> bool:
        return self.head is not None and self.head.control == "agent" and self.head.agent == self._screen.me.name

    def _compose(self) -> None:
        self._box = ui.element("div").classes("compose")
        with self._box:
            self._left = text("", kind="left")
            self._typed = ui.textarea(placeholder="回复客户…  Ctrl+Enter 发送")
            self._typed.props(f'outlined dense autogrow maxlength={LONGEST} aria-label="回复客户"')
            self._typed.on("keydown.ctrl.enter.prevent", self.send)
            self._typed.on("keydown.esc", js_handler="(e) => e.target.blur()")
            button("发送", self.send, kind="first", key="Ctrl+↵")
            with ui.element("div").classes("foot"):
                self._note = text("", tag="span")
                text("草稿自动保存，换人或掉线都不丢", tag="span")
        self._left.visible = False

    async def show(self, opened: Opened) -> None:
        """Another conversation: its record from the first word, and the words that were not sent."""
        self._log.clear()
        self.head = opened.page.head
        self._log.add(opened.page.messages, opened.page.deliveries, jump=True)
        draft = opened.draft
        self._typed.value = draft.mine or draft.left
        self._saved = draft.mine
        self._left.content = f"沿用 {escape(draft.left_by or '')} 未发出的草稿，请核对后再发" if draft.left else ""
        self._left.visible = bool(draft.left) and not draft.mine
        self.draw()

    def close(self) -> None:
        self._log.clear()
        self.head = None
        self._typed.value = self._saved = ""
        self.draw()

    async def follow(self) -> None:
        """What is new. Raises Refused, Away; nothing is lost by either, the next look starts at the same numbers."""
        if self.head is None:
            return
        page = await self._screen.desk.follow(
            self.head.conversation, after=self._log.last_seq, after_delivery=self._log.last_delivery
        )
        if self.head is None or page.head.conversation != self.head.conversation:
            return  # another one was opened meanwhile
        before, self.head = self.head, page.head
        self._log.add(page.messages, page.deliveries)
        if (before.control, before.epoch, before.agent) != (page.head.control, page.head.epoch, page.head.agent):
            if before.agent == self._screen.me.name and page.head.agent not in {None, self._screen.me.name}:
                ui.notify(f"{page.head.agent} 已接手这段会话，您的文字仍保留", type="warning", position="top")
            self.draw()
        await self.save()

    async def save(self) -> None:
        """Keep what was typed since. Raises Refused, Away."""
        typed = self._typed.value or ""
        if self.head is None or typed == self._saved or "serve" not in self._screen.me.rights:
            return
        await self._screen.desk.keep_draft(self.head.conversation, typed)
        self._saved = typed
        self._note.content = f"草稿已保存 {len(typed)} 字" if typed.strip() else ""

    async def send(self) -> None:
        """Say it. Refused: the words stay in the box, and the next try is the same message, never a second one."""
        words_, head = (self._typed.value or "").strip(), self.head
        if not words_ or head is None:
            return
        if not self.is_mine:
            ui.notify("先接入这段会话再回复（T），文字已保留", type="warning", position="top")
            return
        if self._attempt[1] != words_:
            self._attempt = (uuid4().hex, words_)
        said = self._screen.desk.say(head.conversation, id=self._attempt[0], text=words_, epoch=head.epoch)
        if await self._screen.did(said):
            self._attempt = ("", "")
            if (self._typed.value or "").strip() == words_:
                self._typed.value, self._saved = "", ""
            self._left.visible = False
            self._note.content = ""
        await self._screen.look()

    def focus(self) -> None:
        if self._box.visible:
            self._typed.run_method("focus")

    async def _reveal(self, seq: int) -> str | None:
        return await self._screen.unmask("message", seq=seq)

    def draw(self) -> None:
        """The bar: who this is, who has it, what can be done."""
        self._bar.clear()
        head = self.head
        self._hello.visible = head is None
        self._bar.visible = self._log.visible = head is not None
        self._box.visible = self.is_mine
        if head is None:
            return
        state = words.CONTROLS.get(head.control, head.control) + (f" · {head.agent}" if head.agent else "")
        with self._bar:
            hazard = '<span class="chip hazard">险情</span>' if head.hazard else ""
            chip = f'<span class="chip {"agent" if head.agent else "ok"}">{escape(state)}</span>'
            html(
                f"<h1>{escape(words.who(head.conversation, head.caller))} {chip}{hazard}</h1>"
                f"<small>{words.channel(head.channel)} · {words.moment(head.opened)} 开始"
                f" · 会话 {escape(head.conversation)}</small>",
                kind="what",
            )
            self._buttons(head)

    def _buttons(self, head: Head) -> None:
        screen, rights = self._screen, self._screen.me.rights
        if self.is_mine:
            button("建工单", screen.order, key="O")
            button("转接", screen.transfer, key="G")
            button("交回智能客服", screen.give_back, key="B")
            button("结束", screen.end, kind="danger", key="E")
        elif head.control in {"waiting", "bot"} and "serve" in rights:
            button("接入", screen.take, kind="first", key="T")
        elif head.control == "agent" and "reassign" in rights:
            button("改派", screen.transfer, key="G")

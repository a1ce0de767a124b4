"""The agent's screen: three panes, one pulse that brings what is new, and what a person can do from anywhere."""

from collections.abc import Awaitable
from typing import Any

import structlog
from nicegui import ui
from nicegui.events import KeyEventArguments

from ticketing.console import dialogs, header, words
from ticketing.console.client import Away, Desk, Refused
from ticketing.console.queue_pane import QueuePane
from ticketing.console.side_pane import SidePane
from ticketing.console.talk_pane import TalkPane
from ticketing.console.widgets import toggle
from ticketing.console.wire import Lobby, Me

log = structlog.get_logger("ticketing.console")

PULSE_S = 0.7
STAY_S = 60.0
"""How often ticketing hears that the person is still there, while mouse or keys move."""
LOBBY_EVERY, SIDE_EVERY = 2, 7
"""Pulses between looks at the lists, and at what stands right."""
WALK = """<script>
document.addEventListener("keydown", (e) => {
  const step = { j: 1, k: -1 }[e.key.toLowerCase()], typing = e.target.closest("input, textarea, select, .q-dialog");
  if (!step || typing || e.ctrlKey || e.altKey || e.metaKey) return;
  const entries = [...document.querySelectorAll(".entry")], at = entries.indexOf(document.activeElement);
  entries[Math.min(entries.length - 1, Math.max(0, at + step))]?.focus();
});
</script>"""
"""In the browser, because Enter may follow before a server has heard of the first key."""


class Screen:
    def __init__(self, desk: Desk, me: Me, dark: ui.dark_mode) -> None:
        self.desk, self.me, self._dark = desk, me, dark
        self.lobby: Lobby | None = None
        self.opened: str | None = None
        self._beats, self._busy = 0, False

    def build(self) -> None:
        self.root = ui.element("div").classes("desk")
        with self.root:
            self.header = header.Header(self, self._dark)
            self.queue = QueuePane(self.open, watches="watch" in self.me.rights)
            self.talk = TalkPane(self)
            self.side = SidePane(self)
        for act in ("pointerdown", "keydown"):
            self.root.on(act, self._stay, args=[], throttle=STAY_S, trailing_events=False)
        ui.add_body_html(WALK)
        ui.keyboard(on_key=self._key, ignore=["input", "select", "textarea"])
        ui.timer(PULSE_S, self.pulse)

    async def pulse(self) -> None:
        """Bring what is new. A beat that finds the one before still at work is left out."""
        if self._busy:
            return
        self._busy, beat = True, self._beats
        self._beats += 1
        try:
            if beat % LOBBY_EVERY == 0:
                self.lobby = await self.desk.lobby()
                self._draw_lobby(self.lobby)
            await self.talk.follow()
            if self.opened and beat % SIDE_EVERY == SIDE_EVERY - 1:
                await self.side.refresh(self.opened)
            self.header.line("")
        except Refused as refused:
            await self._refused(refused)
        except Away:
            self.header.line("连接中断，正在重连，已输入的内容不会丢")
        except ValueError as error:  # a number is missing in what came: the next beat asks from where we are
            log.warning("console_gap", reason=str(error))
        finally:
            self._busy = False

    def _draw_lobby(self, lobby: Lobby) -> None:
        self.queue.show(lobby, opened=self.opened)
        self.header.show(lobby)

    async def _refused(self, refused: Refused) -> None:
        if refused.status == 401:
            ui.navigate.to("/login?said=over")
        elif refused.name == "RightMissing" and self.opened:
            self.opened = None
            self.talk.close()
            await self.side.show(None)
            ui.notify("这段会话已由他人处理", type="warning", position="top")
        else:
            ui.notify(words.refusal(refused.name, refused.more), type="negative", position="top")

    async def did(self, asked: Awaitable[Any], *, said: str = "") -> bool:
        """Do it; whether it was done. What went wrong is told."""
        try:
            await asked
        except Refused as refused:
            await self._refused(refused)
            return False
        except Away:
            ui.notify("连不上业务系统，请再试一次", type="negative", position="top")
            return False
        if said:
            ui.notify(said, type="positive", position="top")
        return True

    async def look(self) -> None:
        """Do not wait for the next beats: something was done."""
        self._beats = 0
        await self.pulse()
        if self.opened:
            await self.did(self.side.refresh(self.opened))

    async def open(self, conversation: str) -> None:
        await self.did(self._open(conversation))

    async def _open(self, conversation: str) -> None:
        await self.talk.save()
        opened = await self.desk.open(conversation)
        self.opened = conversation
        await self.talk.show(opened)
        if self.lobby:
            self._draw_lobby(self.lobby)
        await self.side.show(conversation)

    async def take(self) -> None:
        if self.opened and await self.did(self.desk.take(self.opened)):
            await self.open(self.opened)
            self.talk.focus()
            await self.look()

    async def give_back(self) -> None:
        head = self.talk.head
        if head and await self.did(self.desk.give_back(head.conversation, epoch=head.epoch), said="已交回智能客服"):
            await self.look()

    async def made_order(self, conversation: str, wish: dict[str, Any]) -> bool:
        """Make it; whether it was made. What came of it is told."""

        async def make() -> None:
            made = await self.desk.make_order(conversation, wish)
            number = made.order.number if made.order else ""
            said = f"已有停电：{made.outage.area}，已登记" if made.outage and not number else f"工单 {number} 已建立"
            ui.notify(said, type="positive", position="top")

        done = await self.did(make())
        await self.look()
        return done

    async def unmask(self, field: str, *, seq: int | None = None) -> str | None:
        """A field in clear, or None where that was refused. The look is recorded by ticketing."""
        found: list[str] = []

        async def ask() -> None:
            found.append(await self.desk.unmask(self.opened or "", field, seq=seq))

        return found[0] if await self.did(ask()) else None

    def order(self) -> None:
        self._ask(dialogs.ask_order)

    def transfer(self) -> None:
        self._ask(dialogs.ask_transfer, mine=self.talk.is_mine or "reassign" in self.me.rights)

    def end(self) -> None:
        self._ask(dialogs.ask_end)

    def _ask(self, dialog: Any, *, mine: bool | None = None) -> None:
        head = self.talk.head
        if head is not None and (self.talk.is_mine if mine is None else mine):
            dialog(self, head.conversation, head.epoch)

    async def go_on_duty(self) -> None:
        on = not (self.lobby and self.lobby.on_duty)
        if await self.did(self.desk.go_on_duty(on), said="已上岗" if on else "已离岗"):
            await self.look()

    async def _stay(self) -> None:
        await self.did(self.desk.alive())

    async def _key(self, event: KeyEventArguments) -> None:
        pressed = str(event.key.name)
        if not event.action.keydown or event.modifiers.ctrl or event.modifiers.alt or event.modifiers.meta:
            return
        if pressed in {"?", "？"}:
            dialogs.show_keys(self)
        elif pressed.lower() == "n" and self.lobby and self.lobby.waiting:
            await self.open(self.lobby.waiting[0].conversation)
        elif pressed.lower() == "l":
            toggle(self._dark)
        elif pressed.lower() == "r":
            self.talk.focus()
        elif pressed.lower() == "t":
            await self._take_if_possible()
        elif pressed.lower() == "b" and self.talk.is_mine:
            await self.give_back()
        else:
            act = {"o": self.order, "g": self.transfer, "e": self.end}.get(pressed.lower())
            if act:
                act()

    async def _take_if_possible(self) -> None:
        if self.talk.head and self.talk.head.control in {"waiting", "bot"}:
            await self.take()

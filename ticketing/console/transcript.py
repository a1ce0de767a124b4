"""The live transcript: who spoke, which talk track in which version, what became of the words."""

from collections.abc import Awaitable, Callable
from functools import partial
from html import escape

from nicegui import ui

from ticketing.console import words
from ticketing.console.widgets import button, html
from ticketing.console.wire import Delivery, Message

BOTTOM = """requestAnimationFrame(() => {{
  const l = document.querySelector(".log"); if (l{near}) l.scrollTop = l.scrollHeight
}})"""
NEAR = " && l.scrollHeight - l.scrollTop - l.clientHeight < 400"
HEARD = {"speech": "语音", "keys": "按键", "silence": "静默"}
Reveal = Callable[[int], Awaitable[str | None]]


class Transcript:
    """Messages are added once each, by number; what became of them changes their last line only."""

    def __init__(self, reveal: Reveal) -> None:
        self._reveal = reveal
        self._log = ui.element("ol").classes("log scroll").props('tabindex=0 aria-label="对话记录" aria-live=polite')
        self.clear()

    @property
    def visible(self) -> bool:
        return bool(self._log.visible)

    @visible.setter
    def visible(self, is_shown: bool) -> None:
        self._log.visible = is_shown

    def clear(self) -> None:
        self._log.clear()
        self._messages: dict[str, Message] = {}
        self._fates: dict[str, ui.html] = {}
        self._states: dict[str, Delivery] = {}
        self.last_seq = self.last_delivery = 0

    def add(self, messages: list[Message], deliveries: list[Delivery], *, jump: bool = False) -> None:
        """Raises ValueError where a number is missing: then the caller asks again from `last_seq`."""
        for message in (each for each in messages if each.seq > self.last_seq):
            if message.seq != self.last_seq + 1:
                raise ValueError(f"message {self.last_seq + 1} is missing")
            self._draw(message)
            self.last_seq = message.seq
        for delivery in deliveries:
            self.last_delivery = max(self.last_delivery, delivery.number)
            self._states[delivery.message] = delivery
            if delivery.message in self._fates:
                self._fates[delivery.message].content = fate(self._messages[delivery.message], delivery)
        if messages:
            ui.run_javascript(BOTTOM.format(near="" if jump else NEAR))

    def _draw(self, message: Message) -> None:
        self._messages[message.id] = message
        with self._log, ui.element("li").classes(f"turn {message.speaker}"):
            with ui.element("div").classes("by"):
                html(speaker(message), tag="span")
            bubble = html(escape(message.text) or "（未听到声音）", kind="bubble")
            if message.buttons:
                titles = "".join(f'<span class="chip">{escape(each["title"])}</span>' for each in message.buttons)
                html(titles, kind="options")
            if message.hidden:
                shower = button("显示隐藏的号码", lambda: None, kind="link", label="显示隐藏的号码（将被记录）")
                shower.on("click", partial(self._show, message.seq, bubble, shower))
            if message.speaker != "customer":
                self._fates[message.id] = html(fate(message, self._states.get(message.id)), kind="fate")

    async def _show(self, seq: int, bubble: ui.html, shower: ui.element) -> None:
        clear = await self._reveal(seq)
        if clear is not None:
            bubble.content = escape(clear)
            shower.visible = False


def speaker(message: Message) -> str:
    name = message.agent or words.SPEAKERS.get(message.speaker, message.speaker)
    heard = HEARD.get(message.kind, "")
    if heard and message.confidence is not None and message.kind == "speech":
        heard += f" {message.confidence:.0%}"
    return f"<b>{escape(name)}</b> {words.clock(message.at)}" + (f" · {heard}" if heard else "")


def fate(message: Message, delivery: Delivery | None) -> str:
    """`utter_x@3 · 已送达`"""
    source = f"<code>{escape(message.talk_track)}@{message.version}</code>" if message.talk_track else ""
    if delivery is None:
        return source + "<span>发送中</span>"
    said = words.DELIVERED.get(delivery.state, delivery.state)
    if delivery.cut_at_ms is not None:
        said += f"（说到 {delivery.cut_at_ms / 1000:.1f} 秒）"
    return source + f'<span class="{"" if delivery.state == "delivered" else "bad"}">{said}</span>'

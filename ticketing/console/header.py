"""Top: where we are, how many wait (also in the tab's title, with a sound for a new one), duty, dark, keys, logout."""

from typing import TYPE_CHECKING

from nicegui import ui

from ticketing.console import dialogs, words
from ticketing.console.widgets import button, html, link, text, toggle
from ticketing.console.wire import Lobby, Me

if TYPE_CHECKING:
    from ticketing.console.screen import Screen

LOGOUT = '<form method="post" action="/console/logout"><button class="btn">退出</button></form>'
BELL = """
try { const a = window.lamplighterBell ??= new AudioContext(), o = a.createOscillator(), g = a.createGain();
  o.frequency.value = %d; g.gain.setValueAtTime(.12, a.currentTime);
  g.gain.exponentialRampToValueAtTime(.001, a.currentTime + .5);
  o.connect(g).connect(a.destination); o.start(); o.stop(a.currentTime + .5); } catch (e) { console.debug(e); }
"""
HAZARD_HZ, CALM_HZ = 980, 620


def who_am_i(me: Me) -> None:
    role = words.ROLES.get(me.role, me.role)
    html(f"{me.name}<small>{me.login} · {role}</small>", kind="me")


class Header:
    def __init__(self, screen: "Screen", dark: ui.dark_mode) -> None:
        self._waiting: set[str] | None = None
        with ui.element("header").classes("top"):
            html("", kind="lamp")
            html("点灯人座席台", tag="h1")
            self._line = text("", kind="line")
            html("", kind="grow")
            self._duty = button("上岗", screen.go_on_duty) if "serve" in screen.me.rights else None
            if "wall" in screen.me.rights:
                link("大屏", "/console/wall")
            button("深浅", lambda: toggle(dark), key="L", label="切换浅色与深色")
            button("快捷键", lambda: dialogs.show_keys(screen), key="?")
            who_am_i(screen.me)
            html(LOGOUT)
        self._line.visible = False

    def line(self, said: str) -> None:
        """What is wrong with the connection; nothing, when nothing is."""
        self._line.content, self._line.visible = said, bool(said)

    def show(self, lobby: Lobby) -> None:
        if self._duty is not None:
            self._duty.classes(add="on" if lobby.on_duty else "", remove="" if lobby.on_duty else "on")
            span = self._duty.default_slot.children[0]
            assert isinstance(span, ui.html)
            span.content = "● 在岗" if lobby.on_duty else "○ 离岗，点此上岗"
        self._ring(lobby)

    def _ring(self, lobby: Lobby) -> None:
        now = {each.conversation for each in lobby.waiting}
        if now == self._waiting:
            return
        new = now - (self._waiting or set())
        if new and self._waiting is not None:
            hazard = any(each.hazard for each in lobby.waiting if each.conversation in new)
            ui.run_javascript(BELL % (HAZARD_HZ if hazard else CALM_HZ))
        self._waiting = now
        ui.run_javascript(f"document.title = {f'({len(now)}) 座席台' if now else '座席台'!r}")

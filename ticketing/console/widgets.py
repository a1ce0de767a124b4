"""Small pieces of every screen: plain HTML elements with our own look, all reachable by keyboard."""

from collections.abc import Awaitable, Callable
from html import escape
from pathlib import Path

from nicegui import ui

CSS = (Path(__file__).parent / "look" / "console.css").read_text(encoding="utf-8")
Act = Callable[[], object] | Callable[[], Awaitable[object]]
DARK = {"dark": True, "light": False}
THEME_COOKIE = "lamplighter_theme"


def dress(theme: str | None) -> ui.dark_mode:
    """The look of a page; dark as chosen, else as the machine is set."""
    ui.add_css(CSS)
    ui.colors(primary="#0b5d4d", negative="#a4261d", positive="#14794a", warning="#b36b00")
    return ui.dark_mode(value=DARK.get(theme or ""))


def toggle(dark: ui.dark_mode) -> None:
    """As the machine is set → dark → light → as the machine is set; remembered for a year."""
    after = {None: True, True: False, False: None}
    dark.value = after[dark.value]
    name = {None: "", True: "dark", False: "light"}[dark.value]
    ui.run_javascript(f'document.cookie = "{THEME_COOKIE}={name}; path=/console; max-age=31536000; samesite=strict"')


def html(content: str, *, tag: str = "div", kind: str = "") -> ui.html:
    """`content` is HTML that the caller has escaped."""
    return ui.html(content, sanitize=False, tag=tag).classes(kind)


def text(words: str, *, tag: str = "div", kind: str = "") -> ui.html:
    return html(escape(words), tag=tag, kind=kind)


def button(words: str, act: Act, *, kind: str = "", key: str = "", label: str = "") -> ui.element:
    """A real button. `key` is shown beside the words; `label` is what a screen reader says instead of them."""
    made = ui.element("button").classes(f"btn {kind}").props("type=button")
    if label:
        made.props["aria-label"] = label
    with made:
        html(escape(words) + (f" <kbd>{escape(key)}</kbd>" if key else ""), tag="span")
    made.on("click", act)
    return made


def link(words: str, target: str, *, kind: str = "") -> ui.html:
    return html(f'<a class="btn {kind}" href="{escape(target, quote=True)}">{escape(words)}</a>')

"""The supervisor's wall: seven numbers, each of which opens the list that it counts."""

from functools import partial
from html import escape

from nicegui import ui

from ticketing.console import words
from ticketing.console.client import Away, Desk, Refused
from ticketing.console.header import LOGOUT, who_am_i
from ticketing.console.tables import TABLES
from ticketing.console.widgets import button, html, link, text, toggle
from ticketing.console.wire import Me, Wall

PULSE_S = 2.0
HAZARD_S = 60
LATE_S = 60


class WallScreen:
    def __init__(self, desk: Desk, me: Me, dark: ui.dark_mode) -> None:
        self._desk, self._me, self._dark = desk, me, dark
        self._chosen, self._busy = "waiting", False
        self._wall: Wall | None = None
        self._tiles: dict[str, tuple[ui.element, ui.html]] = {}
        self._accepts: tuple[str, ...] = ()

    def build(self) -> None:
        with ui.element("div").classes("wall"):
            with ui.element("header").classes("top"):
                html("", kind="lamp")
                html("现场大屏", tag="h1")
                self._line = text("", kind="line")
                html("", kind="grow")
                self._clock = text("", tag="span")
                link("座席台", "/console/")
                button("深浅", lambda: toggle(self._dark), label="切换浅色与深色")
                who_am_i(self._me)
                html(LOGOUT)
            with ui.element("div").classes("tiles"):
                for name in TABLES:
                    self._tile(name)
            with ui.element("section").classes("pane"):
                self._title = html("", kind="cap")
                self._buttons = ui.element("div").classes("rows")
                self._list = html("", kind="scroll")
        self._line.visible = False
        ui.timer(PULSE_S, self.pulse)

    def _tile(self, name: str) -> None:
        made = ui.element("button").classes("tile").props("type=button")
        with made:
            inside = html("")
        made.on("click", partial(self.choose, name))
        self._tiles[name] = (made, inside)

    def choose(self, name: str) -> None:
        self._chosen = name
        self._draw()

    async def pulse(self) -> None:
        if self._busy:
            return
        self._busy = True
        try:
            self._wall = await self._desk.wall()
            self._line.visible = False
            self._draw()
        except Refused as refused:
            if refused.status == 401:
                ui.navigate.to("/login?said=over")
            else:
                self._line.content, self._line.visible = words.refusal(refused.name, refused.more), True
        except Away:
            self._line.content, self._line.visible = "连接中断，下面是断线前的数字", True
        finally:
            self._busy = False

    def _draw(self) -> None:
        wall = self._wall
        if wall is None:
            return
        self._clock.content = f"{words.moment(wall.at)} 更新"
        for name, (tile, inside) in self._tiles.items():
            kind, content = tile_of(name, wall)
            tile.classes(replace=f"tile {kind} {'open' if name == self._chosen else ''}")
            if inside.content != content:
                inside.content = content
        title, table = TABLES[self._chosen]
        rows, content = table(wall)
        self._title.content = f'<h2>{title}</h2><span class="count">{rows}</span>'
        if self._list.content != content:
            self._list.content = content
        self._draw_accepts(wall)

    def _draw_accepts(self, wall: Wall) -> None:
        """A button for each danger that nobody has taken, while their list is open."""
        wanted = tuple(each.order for each in wall.hazards if self._chosen == "hazards" and each.rung)
        if wanted == self._accepts or "accept_hazard" not in self._me.rights:
            return
        self._accepts = wanted
        self._buttons.clear()
        with self._buttons:
            for order in wanted:
                button(f"受理险情 {order}", partial(self._accept, order), kind="first")

    async def _accept(self, order: str) -> None:
        try:
            await self._desk.accept_hazard(order)
            ui.notify(f"您已受理 {order}，铃声停止", type="positive", position="top")
        except Refused as refused:
            ui.notify(words.refusal(refused.name, refused.more), type="negative", position="top")
        except Away:
            ui.notify("连不上业务系统，请再试一次", type="negative", position="top")
        await self.pulse()


def tile_of(name: str, wall: Wall) -> tuple[str, str]:
    """The tile's classes and HTML."""
    kind, number, unit, title, more = NUMBERS[name](wall)
    small = f"<small> {escape(unit)}</small>" if unit else ""
    return kind, (
        f'<div class="t">{escape(title)}</div><div class="n">{escape(number)}{small}</div>'
        f'<div class="s">{escape(more)}</div>'
    )


def _waiting(wall: Wall) -> tuple[str, str, str, str, str]:
    dangers = sum(each.hazard for each in wall.waiting)
    return "bad" if dangers else "", str(len(wall.waiting)), "位", "等待接入", f"其中险情 {dangers} 位"


def _longest(wall: Wall) -> tuple[str, str, str, str, str]:
    kept = f"今日接入 {wall.taken_today}，20 秒内 {wall.taken_in_time_today}"
    late = wall.longest_wait_s > LATE_S
    return "warn" if late else "", words.span(wall.longest_wait_s), "", "最长等待", kept


def _colleagues(wall: Wall) -> tuple[str, str, str, str, str]:
    held = sum(each.conversations for each in wall.colleagues)
    return "" if wall.colleagues else "bad", str(len(wall.colleagues)), "人", "在岗坐席", f"手上 {held} 个会话"


def _talking(wall: Wall) -> tuple[str, str, str, str, str]:
    people = sum(each.control == "agent" for each in wall.talking)
    return "", str(len(wall.talking)), "个", "进行中会话", f"人工 {people} · 智能客服 {len(wall.talking) - people}"


def _hazards(wall: Wall) -> tuple[str, str, str, str, str]:
    kept = f"今日 {wall.hazards_in_time_today}/{wall.hazards_accepted_today} 在 60 秒内受理"
    if not wall.hazards:
        return "", "0", "起", "待受理险情", kept
    left = HAZARD_S - max(each.waited_s for each in wall.hazards)
    said = f"还剩 {left} 秒" if left > 0 else f"已超 {words.span(-left)}"
    return "bad", str(len(wall.hazards)), "起", "待受理险情", f"{said}；{kept}"


def _promises(wall: Wall) -> tuple[str, str, str, str, str]:
    kept = sum(each.verdict == "kept" for each in wall.promises)
    broken = sum(each.verdict in {"broken", "overdue"} for each in wall.promises)
    return "bad" if broken else "", f"{kept}/{len(wall.promises)}", "兑现", "今日到期承诺", f"超时 {broken}"


def _outages(wall: Wall) -> tuple[str, str, str, str, str]:
    reports = sum(each.reports for each in wall.outages)
    return "warn" if wall.outages else "", str(len(wall.outages)), "处", "正在停电", f"报修 {reports} 次"


NUMBERS = {
    "waiting": _waiting,
    "longest": _longest,
    "colleagues": _colleagues,
    "talking": _talking,
    "hazards": _hazards,
    "promises": _promises,
    "outages": _outages,
}

"""Right: the conversation in a few lines, the customer (masked), the orders with their clocks."""

import asyncio
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from nicegui import ui

from ticketing.console import summary, words
from ticketing.console.widgets import button, html, text
from ticketing.console.wire import Customer, Facts, Order

if TYPE_CHECKING:
    from ticketing.console.screen import Screen

FIELDS = {"name": "姓名", "account": "户号", "phone": "登记电话", "address": "地址"}


class SidePane:
    def __init__(self, screen: "Screen") -> None:
        self._screen = screen
        self._shown: tuple[Customer, Facts, list[Order], bool] | None = None
        self._clear: dict[str, str] = {}
        with ui.element("aside").classes("pane").props('aria-label="客户与工单"'):
            self._all = ui.element("div").classes("scroll side")

    async def show(self, conversation: str | None) -> None:
        """Draw anew for another conversation. Raises Refused, Away."""
        self._shown, self._clear = None, {}
        self._all.clear()
        if conversation is not None:
            await self.refresh(conversation)

    async def refresh(self, conversation: str) -> None:
        """Only what has changed is drawn, so that nobody's place is lost. Raises Refused, Away."""
        desk = self._screen.desk
        customer, facts, orders = await asyncio.gather(
            desk.customer(conversation), desk.facts(conversation), desk.orders(conversation)
        )
        now = (customer, facts, orders, self._screen.talk.is_mine)
        if now == self._shown or self._screen.opened != conversation:
            return
        self._shown = now
        self._all.clear()
        with self._all:
            self._summary(facts)
            self._customer(customer)
            self._orders(orders)

    def _summary(self, facts: Facts) -> None:
        with ui.element("div").classes("block"):
            html('<h2>会话小结</h2><span class="count">据记录汇总</span>', kind="cap")
            told = summary.lines(facts) or ["客户还没有说明来意"]
            html("".join(f"<li>{escape(line)}</li>" for line in told), tag="ul", kind="facts")

    def _customer(self, customer: Customer) -> None:
        with ui.element("div").classes("block"):
            html("<h2>客户</h2>", kind="cap")
            html(escape(words.LEVELS[customer.level]), kind=f"level l{customer.level}")
            if customer.caller:
                self._field("caller", "来电", customer.caller)
                if not customer.level and customer.caller_accounts:
                    html(
                        f'<span class="k">匹配</span><span class="v">{customer.caller_accounts} 个户号</span>',
                        kind="field",
                    )
            for name, label in FIELDS.items():
                value = getattr(customer, name)
                if value:
                    self._field(name, label, value)
            if customer.category:
                category = escape(words.CATEGORIES.get(customer.category, customer.category))
                html(f'<span class="k">类别</span><span class="v">{category}</span>', kind="field")
            if customer.cut_off:
                html("该户因欠费已停电", kind="alert")
            for outage in customer.outages:
                back = f"，预计 {words.moment(outage.etr)} 恢复" if outage.etr else ""
                html(f"停电：{escape(outage.area)}，{escape(outage.cause)}{back}", kind="alert")

    def _field(self, name: str, label: str, masked: str) -> None:
        with ui.element("div").classes("field"):
            text(label, tag="span", kind="k")
            shown = text(self._clear.get(name, masked), tag="span", kind="v")
            if self._screen.talk.is_mine and name not in self._clear:
                shower = button("显示", lambda: None, kind="link", label=f"显示{label}（将被记录）")
                shower.on("click", partial(self._reveal, name, shown, shower))

    async def _reveal(self, name: str, shown: ui.html, shower: ui.element) -> None:
        value = await self._screen.unmask(name)
        if value is not None:
            self._clear[name] = value
            shown.content = escape(value)
            shower.visible = False

    def _orders(self, orders: list[Order]) -> None:
        with ui.element("div").classes("block"):
            still = sum(each.is_open for each in orders)
            html(f'<h2>工单</h2><span class="count">{still} 张在办</span>', kind="cap")
            if not orders:
                text("还没有工单。", kind="k")
            for each in orders:
                html(_order(each), kind="order" + ("" if each.is_open else " done"))
            if self._screen.talk.is_mine:
                with ui.element("div").style("margin-top: 8px"):
                    button("建工单", self._screen.order, key="O")


def _order(each: Order) -> str:
    order = each.order
    clocks = "".join(f'<div class="clock {clock.verdict}">{escape(clock.text)}</div>' for clock in each.clocks)
    crew = f" · {escape(order.crew)}" if order.crew else ""
    urged = f" · 催办{order.urges}次" if order.urges else ""
    hazard = "hazard" if order.priority == 1 else "ok"
    return (
        f'<div class="a"><span>{escape(words.KINDS.get(order.kind, order.kind))}</span>'
        f'<span class="chip {hazard}">{escape(order.state_label)}</span></div>'
        f'<div class="n">{escape(order.number)}{crew}{urged}</div>{clocks}'
    )

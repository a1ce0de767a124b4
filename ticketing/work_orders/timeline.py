"""The life of an order, readable: what happened, who did it and why, and how its clocks stand. Pure.

Labels are Chinese, for agents and operators. What customers wrote is not in it: their words are personal.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from unicodedata import east_asian_width

from ticketing.work_orders.actors import parse
from ticketing.work_orders.clocks import Clock, Verdict
from ticketing.work_orders.numbers import LOCAL
from ticketing.work_orders.states import State

NOTES = {"urge": "催办", "amend": "补充", "cancel": "撤单"}
CUSTOMER = "客户"
ITEMS = {
    "dispatch": "派发",
    "acceptance": "接单",
    "arrival": "到达现场",
    "restoration": "恢复",
    "reconnection": "复电",
    "complaint.contact": "联系客户",
    "complaint.answer": "答复客户",
    "damage.on_site": "现场核实",
    "meter.fault": "表计处理",
    "meter.reading": "抄表核实",
    "service.other": "处理",
    "follow_up": "回访",
}
VERDICTS = {
    Verdict.RUNNING: "剩余",
    Verdict.PAUSED: "暂停，剩余",
    Verdict.OVERDUE: "已超时",
    Verdict.KEPT: "按时，提前",
    Verdict.BROKEN: "超时",
    Verdict.VOID: "终止，剩余",
}
LATE_EVENT = "补录，实际"


@dataclass(frozen=True)
class Line:
    """One thing that happened. Others add theirs (a message sent, a promise told, a robot's picture)."""

    at: datetime
    what: str
    who: str
    why: str = ""


class Logged(Protocol):
    """A row of the log; `models.Transition` is one."""

    @property
    def state(self) -> str: ...
    @property
    def actor(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def happened(self) -> datetime | None: ...


class Noted(Protocol):
    """A customer's wish; `models.Note` is one."""

    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> datetime: ...


def steps(log: Iterable[Logged]) -> list[Line]:
    return [Line(step.at, State(step.state).label, _who(step.actor), _why(step)) for step in log]


def notes(written: Iterable[Noted]) -> list[Line]:
    return [Line(note.at, NOTES.get(note.kind, note.kind), CUSTOMER) for note in written]


def in_order(*groups: Iterable[Line]) -> list[Line]:
    """All lines by time; at the same moment a group named earlier comes first."""
    return sorted((line for group in groups for line in group), key=lambda line: line.at)


def render(lines: Sequence[Line]) -> str:
    """One line of text each, in columns: local time, since the line before, what, who, why."""
    rows = [
        (f"{line.at.astimezone(LOCAL):%m-%d %H:%M:%S}", since, line.what, line.who, line.why)
        for line, since in zip(lines, _gaps(lines), strict=True)
    ]
    widths = [max((_width(row[column]) for row in rows), default=0) for column in range(4)]
    return "\n".join(_row(row, widths) for row in rows)


def render_clocks(clocks: Iterable[Clock]) -> str:
    return "\n".join(describe(clock) for clock in clocks)


def describe(clock: Clock) -> str:
    """`到达现场（arrival-urban）：剩余 12分，至 11-23 09:15`"""
    until = f"，至 {clock.deadline.astimezone(LOCAL):%m-%d %H:%M}" if clock.deadline and not clock.ended else ""
    spent = span(abs(clock.remaining))
    return f"{ITEMS[clock.term.item]}（{clock.term.rule}）：{VERDICTS[clock.verdict]} {spent}{until}"


def span(length: timedelta) -> str:
    """`1天2小时`, `12分`, `40秒`: the two largest parts."""
    seconds = int(length.total_seconds())
    parts = [(seconds // 86400, "天"), (seconds // 3600 % 24, "小时"), (seconds // 60 % 60, "分"), (seconds % 60, "秒")]
    shown = [f"{count}{unit}" for count, unit in parts if count][:2]
    return "".join(shown) or "0秒"


def _who(actor: str) -> str:
    known = parse(actor)
    return f"{known.kind.label} {known.name}"


def _why(step: Logged) -> str:
    told = f"{LATE_EVENT} {step.happened.astimezone(LOCAL):%H:%M:%S}" if step.happened else ""
    return "；".join(part for part in (step.reason, told) if part)


def _gaps(lines: Sequence[Line]) -> list[str]:
    befores = [line.at for line in lines[:1]] + [line.at for line in lines[:-1]]
    gaps = [line.at - before for line, before in zip(lines, befores, strict=True)]
    return [f"+{span(gap)}" if gap else "" for gap in gaps]


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _row(row: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False)]
    return "  ".join([*padded, row[-1]]).rstrip()

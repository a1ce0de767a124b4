"""Draws a storm: what came in, what was known, outages and orders over time. Plain SVG, no library."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

WIDTH, PANEL, LEFT, TOP, GAP = 860, 120, 60, 46, 44
INK, GRID = "#333", "#ddd"
FONT = 'font-family="sans-serif" font-size="12"'


@dataclass
class Storm:
    """Moments in seconds from `began`."""

    began: datetime
    calls: list[float]
    known: list[float]
    outages: list[float]
    orders: list[float]
    kills: list[float]
    chats: list[float] = field(default_factory=list)
    by_storm: list[float] = field(default_factory=list)
    """Chats that the storm desk answered, without Rasa."""


@dataclass(frozen=True)
class Line:
    name: str
    colour: str
    values: Sequence[float]


def draw(storm: Storm) -> str:
    seconds = 75
    panels = [
        (
            "reports a second",
            [
                Line("reports", "#1f77b4", _rate(storm.calls, seconds)),
                Line("told the known outage", "#2ca02c", _rate(storm.known, seconds)),
            ],
            storm.kills,
        ),
        ("outages so far", [Line("placed", "#d62728", _total(storm.outages, seconds))], storm.kills),
        ("orders so far", [Line("made", "#9467bd", _total(storm.orders, seconds))], storm.kills),
    ]
    if storm.chats:
        chats = [
            Line("chats", "#1f77b4", _rate(storm.chats, seconds)),
            Line("answered without Rasa", "#ff7f0e", _rate(storm.by_storm, seconds)),
        ]
        panels.append(("chats a second, afterwards", chats, []))
    height = TOP + len(panels) * (PANEL + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {FONT}>',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        f'<text x="{LEFT}" y="22" font-size="15">A typhoon drill: {len(storm.calls):,} reports in 60 s</text>',
    ]
    for number, (title, lines, kills) in enumerate(panels):
        parts += _panel(title, lines, kills, top=TOP + number * (PANEL + GAP), seconds=seconds)
    return "\n".join([*parts, "</svg>\n"])


def _rate(moments: Sequence[float], seconds: int) -> list[float]:
    counted = Counter(int(at) for at in moments)
    return [float(counted[second]) for second in range(seconds)]


def _total(moments: Sequence[float], seconds: int) -> list[float]:
    return [float(sum(at < second + 1 for at in moments)) for second in range(seconds)]


def _panel(title: str, lines: Sequence[Line], kills: Sequence[float], *, top: int, seconds: int) -> list[str]:
    most = max([1.0, *(value for line in lines for value in line.values)])
    wide = WIDTH - LEFT - 20

    def x(second: float) -> float:
        return LEFT + wide * second / seconds

    def y(value: float) -> float:
        return top + PANEL - PANEL * value / most

    parts = [f'<text x="{LEFT}" y="{top - 6}" fill="{INK}">{title}</text>']
    for value in (0.0, most / 2, most):
        parts.append(f'<line x1="{LEFT}" x2="{LEFT + wide}" y1="{y(value):.1f}" y2="{y(value):.1f}" stroke="{GRID}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end" fill="{INK}">{value:.0f}</text>')
    for second in range(0, seconds + 1, 15):
        parts.append(
            f'<text x="{x(second):.1f}" y="{top + PANEL + 16}" text-anchor="middle" fill="{INK}">{second} s</text>'
        )
    for kill in kills:
        ends = f'x1="{x(kill):.1f}" x2="{x(kill):.1f}" y1="{top}" y2="{top + PANEL}"'
        parts.append(f'<line {ends} stroke="{INK}" stroke-dasharray="4 3"/>')
    if kills:
        parts.append(f'<text x="{x(kills[0]) + 4:.1f}" y="{top + 12}" fill="{INK}">workers killed</text>')
    for number, line in enumerate(lines):
        points = " ".join(f"{x(second + 0.5):.1f},{y(value):.1f}" for second, value in enumerate(line.values))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{line.colour}" stroke-width="2"/>')
        at = LEFT + wide - 200 * (len(lines) - number) + 40
        parts.append(f'<rect x="{at}" y="{top - 15}" width="12" height="10" fill="{line.colour}"/>')
        parts.append(f'<text x="{at + 17}" y="{top - 6}" fill="{INK}">{line.name}</text>')
    return parts

"""The readable life of an order: order of lines, columns, late events, and how clocks are said."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from ticketing.work_orders.clocks import clock
from ticketing.work_orders.terms import SPANS, Term, Unit
from ticketing.work_orders.timeline import ITEMS, NOTES, Line, describe, in_order, notes, render, span, steps

BEGIN = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Step:
    state: str
    actor: str
    reason: str
    at: datetime
    happened: datetime | None = None


@dataclass(frozen=True)
class Wish:
    kind: str
    at: datetime


def after(minutes: float) -> datetime:
    return BEGIN + timedelta(minutes=minutes)


LOG = [
    Step("accepted", "system:actions", "", after(0)),
    Step("dispatched", "system:actions", "CR-1: 0 ahead, 0.3 km", after(0)),
    Step("acknowledged", "crew:CR-1", "", after(4.5)),
    Step("on_site", "crew:CR-1", "", after(30), happened=after(25)),
]


def test_it_reads_from_top_to_bottom() -> None:
    lines = in_order(steps(LOG), notes([Wish("urge", after(10))]), [Line(after(0), "短信", "机器人 sms", "已派单")])
    assert render(lines).splitlines() == [
        "11-23 09:00:00            受理      系统 actions",
        "11-23 09:00:00            派发      系统 actions  CR-1: 0 ahead, 0.3 km",
        "11-23 09:00:00            短信      机器人 sms    已派单",
        "11-23 09:04:30  +4分30秒  接单      班组 CR-1",
        "11-23 09:10:00  +5分30秒  催办      客户",
        "11-23 09:30:00  +20分     到达现场  班组 CR-1     补录，实际 09:25:00",
    ]
    assert render([]) == ""


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (20, "接单（acceptance）：按时，提前 30秒"),
        (3, "接单（acceptance）：剩余 2分，至 11-23 09:05"),
        (6, "接单（acceptance）：已超时 1分，至 11-23 09:05"),
    ],
)
def test_clocks_are_said_in_words(now: int, said: str) -> None:
    term = Term("acceptance", "acceptance", 5, Unit.MINUTES, SPANS["acceptance"], "example")
    log = LOG if now > 10 else LOG[:2]
    found = clock(log, term, now=after(now), is_working=lambda _: True)
    assert found is not None
    assert describe(found) == said


def test_lengths_are_said_by_their_two_largest_parts() -> None:
    assert span(timedelta(days=1, hours=2, minutes=3)) == "1天2小时"
    assert span(timedelta(seconds=40)) == "40秒"
    assert span(timedelta()) == "0秒"


def test_every_term_and_wish_has_its_words() -> None:
    assert set(ITEMS) == set(SPANS)
    assert set(NOTES) == {"urge", "amend", "cancel"}

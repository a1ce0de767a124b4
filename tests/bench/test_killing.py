"""The kill storm's checks themselves: what must count as late, lost or not gone on with does."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from tests.bench.killing.adoptions import Orphan, goes_on
from tests.bench.killing.celery_peer import counted
from tests.bench.killing.deadlines import errors, share, while_up
from tests.bench.killing.judge import happened

AT = datetime(2026, 11, 26, 8, tzinfo=UTC)


def seconds(number: float) -> datetime:
    return AT + timedelta(seconds=number)


def test_an_escalation_is_wrong_early_and_late_and_one_that_never_came_until_the_end() -> None:
    due = {"late": AT, "early": AT, "never": AT, "not yet due": seconds(90)}
    came = {"late": seconds(3), "early": seconds(-2), "another order": seconds(50)}
    assert errors(due, came, end=seconds(60)) == [3.0, 2.0, 60.0, 0.0]


def test_what_was_due_while_there_was_no_database_is_due_when_it_is_back() -> None:
    away = [(seconds(10), seconds(14)), (seconds(30), seconds(31))]
    due = {"before": seconds(9), "in it": seconds(11), "after": seconds(15)}
    assert while_up(due, away) == {"before": seconds(9), "in it": seconds(14), "after": seconds(15)}


def test_the_share_of_few_is_their_worst() -> None:
    assert share([], 0.95) == 0
    assert share([3.0, 1.0], 0.95) == 3.0
    assert share(map(float, range(100)), 0.95) == 95.0


@dataclass(frozen=True)
class Row:
    status: str
    worker: str
    steps: int


@pytest.mark.parametrize(
    ("row", "waits", "expected"),
    [
        (Row("PENDING", "dead", 4), True, False),
        (Row("ENQUEUED", "dead", 4), True, False),
        (Row("PENDING", "other", 4), True, True),
        (Row("PENDING", "other", 4), False, False),
        (Row("PENDING", "other", 5), False, True),
        (Row("SUCCESS", "other", 6), False, True),
        (Row("ERROR", "other", 6), False, False),
    ],
)
def test_an_order_is_gone_on_with_when_another_worker_took_its_next_step_or_its_place_in_a_wait(
    row: Row, waits: bool, expected: bool
) -> None:
    assert goes_on(row, Orphan("dead", died=0.0, steps=4, waits=waits)) is expected


def test_effects_are_told_apart_by_system_kind_and_order() -> None:
    effects = [
        ["crew_app", "job", "WO202611260001 CR-YJ-REPAIR"],
        ["crew_app", "event", "WO202611260001 arrived"],
        ["sms", "message", "13900000001 您的报修（尾号0001）已派单"],
        ["sms", "message", "13900000001 您的报修（尾号0001）已到达"],
    ]
    assert happened(effects) == {("crew_app", "job", "WO202611260001"): 1, ("sms", "message", "0001"): 2}


def test_celerys_messages_are_told_apart_by_what_they_say() -> None:
    effects = [["sms", "message", "13900000001 WO000000000001 sent"]] * 2
    assert counted([*effects, ["crew_app", "nudges", "WO000000000001 urgent"]]) == {
        ("sms", "WO000000000001", "sent"): 2,
        ("crew_app", "WO000000000001", "nudges"): 1,
    }

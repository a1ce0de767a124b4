"""Order, position and honest estimates of the waiting line."""

from datetime import UTC, datetime, timedelta

from ticketing.conversations.queue import Waiting, can_serve, line, position, wait_estimate

START = datetime(2026, 11, 23, tzinfo=UTC)


def one(name: str, minute: int, *, hazard: bool = False) -> Waiting:
    return Waiting(name, hazard, START + timedelta(minutes=minute))


def test_hazards_come_first_then_who_waits_longest() -> None:
    waiting = [one("c", 3), one("a", 1), one("danger", 9, hazard=True), one("b", 2)]
    assert [each.conversation for each in line(waiting)] == ["danger", "a", "b", "c"]
    assert [position(waiting, name) for name in ("danger", "a", "c", "gone")] == [1, 2, 4, None]


def test_who_can_serve_whom() -> None:
    assert can_serve(["billing"], "billing")
    assert not can_serve(["billing"], "outage")
    assert can_serve(["general"], "outage")
    assert can_serve(["billing"], "general")


def test_an_estimate_is_made_from_measured_times_or_not_at_all() -> None:
    assert wait_estimate(2, agents=1, stints_s=[100, 200, 300]) == 400
    assert wait_estimate(2, agents=2, stints_s=[100, 200, 300]) == 200
    assert wait_estimate(1, agents=1, stints_s=[100, 200]) is None
    assert wait_estimate(1, agents=0, stints_s=[100, 200, 300]) is None

"""When an outage is on, and when it explains that a place is dark."""

from datetime import UTC, date, datetime, timedelta

from ticketing.outages.schedule import Kind, Span, State, known_for
from ticketing.work_orders.numbers import LOCAL

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


def span(
    kind: Kind = Kind.FAULT, *, state: State = State.ACTIVE, node: str = "F", start: int = -1, end: int = 1
) -> Span:
    return Span("O", kind, state, node, NOW + start * HOUR, NOW + end * HOUR)


def test_a_fault_lasts_until_it_is_restored_whatever_its_etr_said() -> None:
    assert span(end=-1, start=-3).is_on(NOW)
    assert not span(state=State.RESTORED).is_on(NOW)


def test_a_planned_outage_keeps_its_hours() -> None:
    assert span(Kind.PLANNED, state=State.PLANNED).is_on(NOW)
    assert not span(Kind.PLANNED, state=State.PLANNED, start=-3, end=-1).is_on(NOW)
    assert not span(Kind.PLANNED, state=State.PLANNED, start=1, end=2).is_on(NOW)


def test_a_day_is_a_local_day() -> None:
    late = Span(
        "O", Kind.PLANNED, State.PLANNED, "F", datetime(2026, 11, 23, 17, tzinfo=UTC), None
    )  # 01:00 on the 24th
    assert late.touches(date(2026, 11, 24), LOCAL)
    assert not late.touches(date(2026, 11, 23), LOCAL)


def test_an_outage_above_every_candidate_explains_the_report() -> None:
    up = {"T1": frozenset({"T1", "F"}), "T2": frozenset({"T2", "F"})}
    assert known_for(up, [span(node="F")], at=NOW) is not None
    assert known_for(up, [span(node="T1")], at=NOW) is None
    assert known_for({}, [span(node="F")], at=NOW) is None

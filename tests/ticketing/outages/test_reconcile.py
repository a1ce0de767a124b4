"""Outages keep their names while they grow, move, swallow others or fall apart."""

from datetime import UTC, datetime

from tests.ticketing.outages.test_cluster import TREE
from ticketing.outages.cluster import Found
from ticketing.outages.reconcile import Change, Standing, reconcile

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)


def device(node: str, *keys: str, confidence: float = 0.9) -> Found:
    return Found(node, keys, 10.0, confidence, AT)


def standing(id: str, node: str, *keys: str) -> Standing:
    return Standing(id, node, frozenset(keys))


def test_what_was_not_there_is_new() -> None:
    (verdict,) = reconcile(TREE, [], [device("F0", "a")])
    assert (verdict.id, verdict.change) == (None, Change.NEW)


def test_the_same_device_keeps_its_outage() -> None:
    (verdict,) = reconcile(TREE, [standing("O1", "F0", "a")], [device("F0", "a", "b")])
    assert (verdict.id, verdict.change, verdict.node) == ("O1", Change.KEPT, "F0")


def test_it_grows_upwards_and_takes_its_neighbours_in() -> None:
    before = [standing("O1", "F0T0", "a"), standing("O2", "F0T1", "b", "c"), standing("O3", "F1T0", "x")]
    (verdict,) = reconcile(TREE, before, [device("F0", "a", "b", "c", "d")])
    assert (verdict.id, verdict.node, verdict.absorbed) == ("O2", "F0", ("O1",))


def test_it_falls_apart_into_the_one_that_keeps_the_name_and_new_ones() -> None:
    parts = [device("F0T0", "a", "b", "c"), device("F0T5", "x")]
    verdicts = reconcile(TREE, [standing("O1", "F0", "a", "b", "c", "x")], parts)
    assert [(each.id, each.node, each.change) for each in verdicts] == [
        ("O1", "F0T0", Change.MOVED),
        (None, "F0T5", Change.SPLIT),
    ]


def test_it_is_not_moved_down_on_a_guess() -> None:
    (verdict,) = reconcile(TREE, [standing("O1", "F0", "a")], [device("F0T0", "a", confidence=0.4)])
    assert (verdict.node, verdict.change) == ("F0", Change.KEPT)


def test_an_outage_without_new_calls_is_left_alone() -> None:
    assert reconcile(TREE, [standing("O1", "F0", "a")], []) == []

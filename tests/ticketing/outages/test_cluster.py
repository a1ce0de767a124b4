"""Calls find the device that best explains them, and single homes stay single."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ticketing.outages.cluster import Found, Signal, place
from ticketing.outages.tree import Device, Tree

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def network(feeders: int = 6, transformers: int = 10, homes: int = 60) -> Tree:
    devices = [Device("S", "substation", "S", None, 0)]
    for f in range(feeders):
        devices.append(Device(f"F{f}", "feeder", f"F{f}", "S", 0))
        devices += [Device(f"F{f}T{t}", "transformer", "T", f"F{f}", homes) for t in range(transformers)]
    return Tree(devices)


TREE = network()


def calls(*nodes: str, every_s: float = 20.0, scope: str | None = None) -> list[Signal]:
    return [
        Signal(f"k{number}", node, NOW - timedelta(seconds=every_s * (len(nodes) - number)), scope)
        for number, node in enumerate(nodes)
    ]


def found(*nodes: str, every_s: float = 20.0, scope: str | None = None) -> list[str]:
    return [each.node for each in place(TREE, calls(*nodes, every_s=every_s, scope=scope), at=NOW)]


def test_one_call_is_a_single_home() -> None:
    assert found("F0T0") == []


def test_three_calls_on_one_transformer_are_that_transformer() -> None:
    assert found("F0T0", "F0T0", "F0T0") == ["F0T0"]


def test_five_calls_spread_over_a_feeder_are_the_feeder() -> None:
    assert found("F0T0", "F0T3", "F0T5", "F0T7", "F0T9") == ["F0"]


def test_calls_on_two_transformers_of_ten_are_the_two_not_the_feeder() -> None:
    assert sorted(found(*["F0T0", "F0T1"] * 6)) == ["F0T0", "F0T1"]


def test_calls_all_over_the_town_are_the_substation() -> None:
    assert found(*(f"F{f}T{t}" for t in (1, 4, 8) for f in range(6))) == ["S"]


def test_two_feeders_at_once_are_two_outages() -> None:
    spread = [f"F{f}T{t}" for t in (0, 2, 4, 6, 8, 9) for f in (1, 4)]
    assert sorted(found(*spread)) == ["F1", "F4"]


def test_those_who_say_only_my_home_weigh_less_than_those_who_see_a_dark_street() -> None:
    def score(scope: str | None) -> float:
        return place(TREE, calls("F0T0", "F0T0", scope=scope), at=NOW)[0].score

    assert score("household") < score(None) < score("building") < score("area")


def test_an_address_without_a_number_counts_for_the_feeder_only() -> None:
    assert found("F0", "F0", "F0", "F0T1", "F0T2") == ["F0"]


def test_a_call_from_elsewhere_is_not_explained_by_the_outage() -> None:
    outage = place(TREE, [*calls("F0T0", "F0T0", "F0T0", "F0T0"), Signal("far", "F5T5", NOW)], at=NOW)
    assert [each.node for each in outage] == ["F0T0"]
    assert "far" not in outage[0].keys


def test_more_evidence_makes_it_surer() -> None:
    def confidence(number: int) -> float:
        first: Found = place(TREE, calls(*["F0T0"] * number), at=NOW)[0]
        return first.confidence

    assert 0.5 < confidence(2) < confidence(4) <= 1.0


@given(st.lists(st.sampled_from(sorted(TREE.devices)), max_size=40))
@settings(max_examples=60, deadline=None)
def test_whatever_is_called_no_outage_lies_within_another_and_no_call_is_used_twice(nodes: list[str]) -> None:
    explained = place(TREE, calls(*nodes, every_s=2), at=NOW)
    for each in explained:
        assert not any(each is not other and TREE.covers(other.node, each.node) for other in explained)
    keys = [key for each in explained for key in each.keys]
    assert len(keys) == len(set(keys))

"""A name counts as heard when it reads alike; another name does not."""

import pytest

from ticketing.customers.names import same_name


@pytest.mark.parametrize("said", ["韦小明", " 韦 小明 ", "为小明", "韦晓明"])
def test_the_same_or_read_alike(said: str) -> None:
    assert same_name(said, "韦小明")


@pytest.mark.parametrize("said", ["", "小明", "韦小", "覃小明", "韦小刚", "韦小明明"])
def test_another_name(said: str) -> None:
    assert not same_name(said, "韦小明")


def test_guangxi_reads_the_surname_qin() -> None:
    assert same_name("秦丽华", "覃丽华")

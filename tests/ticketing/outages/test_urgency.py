"""Who is more than one of many."""

import pytest

from ticketing.outages.urgency import Care, Need, care, need_of


@pytest.mark.parametrize(
    ("said", "need"),
    [
        ("家里老人用呼吸机", Need.MEDICAL),
        ("孩子在做透析", Need.MEDICAL),
        ("有人被困在电梯里了", Need.LIFT),
        ("电梯里还有人", Need.LIFT),
        ("电梯困人，还有个用制氧机的", Need.LIFT),
        ("邻居家都有电，就我家没电", Need.NEIGHBOURS_LIT),
        ("隔壁亮着", Need.NEIGHBOURS_LIT),
        ("我家停电了", None),
        ("邻居家都没有电", None),
        ("楼上楼下都没电", None),
        ("电梯停了", None),
    ],
)
def test_what_is_heard(said: str, need: Need | None) -> None:
    assert need_of(said) is need


def test_what_is_done() -> None:
    assert care(None, calls=1) == care(None, calls=2) == Care()
    assert care(None, calls=3).escalate
    assert not care(None, calls=4).escalate
    assert care(Need.LIFT, calls=1).own_order == "hazard"
    assert care(Need.MEDICAL, calls=1) == Care("outage", escalate=True, why="medical")
    assert care(Need.NEIGHBOURS_LIT, calls=1).own_order == "outage"

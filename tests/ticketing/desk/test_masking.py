"""What a screen shows of a customer's words."""

import pytest

from ticketing.desk import masking


@pytest.mark.parametrize(
    ("text", "kind", "shown", "hidden"),
    [
        ("我家停电了", "text", "我家停电了", False),
        ("电话13907760001", "text", "电话*******0001", True),
        ("工单WO202611230007", "text", "工单WO202611230007", False),
        ("身份证45100119900101123X", "text", "身份证**************123X", True),
        ("1234", "keys", "••••", True),
    ],
)
def test_long_numbers_are_hidden_and_keyed_digits_whole(text: str, kind: str, shown: str, hidden: bool) -> None:
    assert masking.words(text, kind=kind) == (shown, hidden)


def test_of_an_address_the_door_is_hidden() -> None:
    assert masking.address("百色市右江区中山二路8号3栋") == "百色市右江区••••••"

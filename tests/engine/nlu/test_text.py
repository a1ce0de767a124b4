from decimal import Decimal

import pytest

from bot.engine.nlu.numbers import digits, number
from bot.engine.nlu.text import normalise, with_pauses


@pytest.mark.parametrize(
    ("said", "even"),
    [
        ("我 家 停电 了", "我家停电了"),
        ("電費單", "电费单"),
        ("１３９　０７７６", "139 0776"),
        ("嗯，那个，我家没电", "我家没电"),
        ("余额呢", "余额呢"),
        ("", ""),
    ],
)
def test_a_sentence_made_even(said, even):
    assert normalise(said).text == even


def test_every_character_remembers_where_it_was_said():
    even = normalise("嗯 我家 停电")
    start = even.text.index("停电")
    assert even.origin(start, start + 2) == (5, 7)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("一百二十", "120"), ("两百五", "250"), ("一千二", "1200"), ("三百零五", "305"), ("十五", "15"), ("一万二", "12000"),
        ("一百二十点五", "120.5"), ("128.50", "128.50"), ("3百", "300"), ("二十", "20"),
    ],
)  # fmt: skip
def test_numbers(said, value):
    assert number(said) == Decimal(value)


def test_what_is_no_number():
    assert number("二三") is None
    assert number("") is None


def test_digits_as_they_are_radioed():
    assert digits("幺三九洞拐勾两x") == "1390792X"


def test_a_typed_space_between_clauses_is_a_pause_and_a_recognisers_space_is_none():
    assert with_pauses("刚才说的三栋 其实是五栋").text == "刚才说的三栋，其实是五栋"
    assert with_pauses("我 家 停电 了").text == "我家停电了"
    even = with_pauses("我家停电了 中山路8号")
    start = even.text.index("中")
    assert even.origin(start, start + 3) == (6, 9)

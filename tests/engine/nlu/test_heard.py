"""Places that were misheard, put right by their sound; the entity itself stays what was said."""

from datetime import date

import pytest

from bot.engine.nlu.entities import extract
from bot.engine.nlu.heard import heard_as


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("又江区城东大道8号", "右江区城东大道8号"),
        ("龙井街道", "龙景街道"),
        ("右将区阳须镇六和村", "右江区阳圩镇六和村"),
        ("友江区中三一路", "右江区中山一路"),
        ("右江区城东大道", None),
        ("幸福里小区5栋", None),
        ("苹果是不是", None),
    ],
)
def test_a_place_by_its_sound(said, meant):
    assert heard_as(said) == meant


def test_the_value_stays_literal_and_the_place_meant_stands_beside_it():
    (found,) = extract("又江区城东大道8号停电", today=date(2026, 11, 23)).as_rasa("rules")
    assert (found["value"], found["heard_as"]) == ("又江区城东大道8号", "右江区城东大道8号")


def test_a_place_that_is_written_right_says_nothing_more():
    (found,) = extract("右江区城东大道8号停电", today=date(2026, 11, 23)).as_rasa("rules")
    assert "heard_as" not in found

"""The shapes of a word: spaced out, in pinyin, half in pinyin, by sound; and what is not one of them."""

import pytest

from ticketing.talk_tracks.lint.shapes import by_sound, pattern_of, plain, toneless


@pytest.mark.parametrize(
    "text", ["傻子", "傻 子", "傻.子", "傻\u200b子", "shazi", "sha zi", "sha3zi", "傻zi", "Sha子", "ｓｈａｚｉ"]
)
def test_a_word_is_found_in_its_shapes(text: str) -> None:
    found = pattern_of("傻子").search(plain(text))
    assert found and found.span() == (0, len(text))


@pytest.mark.parametrize("text", ["沙子", "傻，子", "kushazi", "shazing", "傻孩子", "ziSha"])
def test_what_is_another_word_is_not(text: str) -> None:
    assert not pattern_of("傻子").search(plain(text))


def test_homophones_only_where_they_are_asked_for() -> None:
    assert pattern_of("弱智", sounds=True).search("若智")
    assert not pattern_of("弱智").search("若智")


@pytest.mark.parametrize(
    ("text", "is_found"), [("sb", True), ("你SB吧", True), ("usb", False), ("sbs", False), ("s b", True)]
)
def test_letters_stand_alone(text: str, is_found: bool) -> None:
    assert bool(pattern_of("sb").search(plain(text))) is is_found


def test_places_stay_where_they_are() -> None:
    text = "ＡＢ１２İ你"
    assert len(plain(text)) == len(text) and plain(text).startswith("ab12")


def test_readings_without_their_tones() -> None:
    assert [toneless(each) for each in ("shǎ", "lǘ", "ńg")] == ["sha", "lv", "ng"]
    assert {"智", "制", "治"} <= by_sound()["zhi"]

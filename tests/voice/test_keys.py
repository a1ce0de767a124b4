import pytest

from voice.expects import Expects, Kind
from voice.keys import BETWEEN_KEYS_MS, Keypad


def pressed(keys: str, expects: Expects | None = None) -> Keypad:
    keypad = Keypad(expects or Expects())
    for key in keys:
        keypad.press(key)
    return keypad


def test_the_hash_key_ends_the_answer_and_is_no_part_of_it() -> None:
    keypad = pressed("139#")
    assert (keypad.digits, keypad.is_finished) == ("139", True)


def test_without_a_hash_key_a_pause_ends_it() -> None:
    keypad = pressed("1")
    keypad.wait(BETWEEN_KEYS_MS - 1)
    assert not keypad.is_finished
    keypad.wait(1)
    assert keypad.is_finished


def test_a_key_within_the_pause_starts_it_anew() -> None:
    keypad = pressed("1")
    keypad.wait(BETWEEN_KEYS_MS - 1)
    keypad.press("2")
    keypad.wait(BETWEEN_KEYS_MS - 1)
    assert not keypad.is_finished


def test_as_many_digits_as_expected_end_it_at_once() -> None:
    assert pressed("13907760001", Expects(Kind.DIGITS, 11)).is_finished
    assert not pressed("1390776000", Expects(Kind.DIGITS, 11)).is_finished


def test_the_star_key_begins_again() -> None:
    keypad = pressed("139*0601#")
    assert keypad.digits == "0601"


@pytest.mark.parametrize("keys", ["", "#", "*", "##"])
def test_nothing_pressed_is_never_an_answer(keys: str) -> None:
    keypad = pressed(keys)
    keypad.wait(10 * BETWEEN_KEYS_MS)
    assert not keypad.is_finished

"""The quick encoder gives the numbers that its package gives, whatever is said and however much is kept."""

import numpy as np
import pytest

import bot.engine.nlu.quick_encoder as quick
from bot.engine.nlu.meaning import DIMENSIONS, LONGEST, _encoder, meaning, meanings

SAID = [
    "电",
    " ",
    "我家停电了",
    "冰箱都化水了一屋子黑漆漆的你们什么时候来修",
    "户号0602110000012345，wo202611230001",
    "😀…",
    "停电" * 90,
    "唔该帮我睇下上个月几多电费",
]


@pytest.fixture
def encoder():
    return quick.QuickEncoder(_encoder()._model)


@pytest.mark.parametrize("said", SAID)
def test_it_agrees_with_the_package(encoder, said):
    for _ in range(2):  # the second time from what was kept
        np.testing.assert_allclose(encoder.encode(said), _encoder().encode(said), atol=1e-5)


def test_it_agrees_when_it_had_to_forget(monkeypatch):
    monkeypatch.setattr(quick, "KEPT_TOKENS", 64)
    encoder = quick.QuickEncoder(_encoder()._model)
    for said in SAID[:4] * 3 + SAID[-1:]:
        np.testing.assert_allclose(encoder.encode(said), _encoder().encode(said), atol=1e-5)
    assert len(encoder._rows) <= 64


def test_what_a_caller_says_means_what_it_was_learned_as():
    long = "停电了" * LONGEST
    assert meaning("").shape == (DIMENSIONS,)
    np.testing.assert_allclose(meaning(long), meanings([long])[0], atol=1e-5)

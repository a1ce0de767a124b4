import numpy as np
import pytest

from bot.engine.nlu.neighbours import Neighbours, unit_rows


def exact(rows, known):
    return (rows @ known.T).max(axis=1)


@pytest.fixture(scope="module")
def crowd():
    """Twelve thousand points around two hundred middles, as sentences lie around what they are about."""
    chance = np.random.default_rng(7)
    middles = chance.normal(size=(200, 64))
    return unit_rows(middles[chance.integers(200, size=12_000)] + 0.4 * chance.normal(size=(12_000, 64)))


def test_a_known_sentence_is_its_own_neighbour(crowd):
    assert Neighbours(crowd).nearest(crowd[:300]) == pytest.approx(np.ones(300), abs=1e-5)


def test_strangers_find_their_nearest_nearly_always_and_never_one_that_is_not_there(crowd):
    strangers = unit_rows(crowd[:500] + 0.05 * np.random.default_rng(8).normal(size=(500, 64)))
    found, true = Neighbours(crowd).nearest(strangers), exact(strangers, crowd)
    assert (found <= true + 1e-5).all()
    assert (found > true - 1e-5).mean() > 0.95


@pytest.mark.parametrize("count", [1, 2, 600])
def test_few_sentences_are_all_looked_at(crowd, count):
    known = crowd[:count]
    assert Neighbours(known).nearest(crowd[:50]) == pytest.approx(exact(crowd[:50], known), abs=1e-5)


def test_nothing_known_is_near_nothing():
    assert Neighbours(np.zeros((0, 64), dtype=np.float32)).nearest(np.ones((3, 64))) == pytest.approx(np.zeros(3))
